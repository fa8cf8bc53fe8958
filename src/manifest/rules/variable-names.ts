import { quoted } from "../words.ts";
import { rule } from "./rule.ts";

/** A container's environment is a list of `NAME=value`. */
export const variableNames = rule("variables/name", ["variables"], ({ variables = {} }, report) => {
  for (const name of Object.keys(variables)) {
    if (name === "") report(["variables", name], "a variable must have a name");
    else if (/[=\0]/.test(name))
      report(["variables", name], `the variable name ${quoted(name)} holds a character that no container takes`);
  }
});

/** Copilot sets these itself. */
export const reservedVariables = rule("variables/reserved", ["variables"], ({ variables = {} }, report) => {
  for (const name of Object.keys(variables).filter((key) => key.startsWith("COPILOT_"))) {
    report(["variables", name], `names that start with COPILOT_ are reserved; ${quoted(name)} may be overwritten`, {
      severity: "warning",
    });
  }
});
