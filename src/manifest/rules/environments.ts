import type { Path } from "../problems.ts";
import { quoted } from "../words.ts";
import { type ReadManifest, rule } from "./rule.ts";

interface Environment {
  at: Path;
  variables: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, unknown>>;
}

/** What each container gets: the main one, the sidecars, the log router. */
function environmentsOf({ variables, secrets, sidecars, logging }: ReadManifest): Environment[] {
  const all = [
    { at: [], variables, secrets },
    ...Object.entries(sidecars ?? {}).map(([name, each]) => ({
      at: ["sidecars", name],
      variables: each?.variables,
      secrets: each?.secrets,
    })),
    { at: ["logging"], variables: logging?.variables, secrets: logging?.secrets },
  ];
  return all.map((each) => ({ at: each.at, variables: each.variables ?? {}, secrets: each.secrets ?? {} }));
}

const reads = ["variables", "secrets", "sidecars", "logging"];

/** A container's environment is a list of `NAME=value`. */
export const variableNames = rule("variables/name", reads, (manifest, report) => {
  for (const { at, variables, secrets } of environmentsOf(manifest)) {
    for (const [block, names] of Object.entries({ variables, secrets })) {
      for (const name of Object.keys(names)) {
        if (name === "") report([...at, block, name], "a variable must have a name");
        else if (/[=\0]/.test(name))
          report([...at, block, name], `the variable name ${quoted(name)} holds a character that no container takes`);
      }
    }
  }
});

/** Copilot sets these itself. */
export const reservedVariables = rule("variables/reserved", reads, (manifest, report) => {
  for (const { at, variables } of environmentsOf(manifest)) {
    for (const name of Object.keys(variables).filter((key) => key.startsWith("COPILOT_"))) {
      report(
        [...at, "variables", name],
        `names that start with COPILOT_ are reserved; ${quoted(name)} may be overwritten`,
        {
          severity: "warning",
        },
      );
    }
  }
});

/** ECS refuses a task definition in which a secret has the name of a variable of its container. */
export const secretNames = rule("secrets/name", reads, (manifest, report) => {
  for (const { at, variables, secrets } of environmentsOf(manifest)) {
    for (const name of Object.keys(secrets).filter((each) => Object.hasOwn(variables, each)))
      report([...at, "secrets", name], `${quoted(name)} is a variable of this container too`, {
        hint: "keep one of the two",
      });
  }
});

/** A secret comes from one place. */
export const secretSource = rule("secrets/source", [...reads, "logging.secretOptions"], (manifest, report) => {
  const blocks = [
    ...environmentsOf(manifest).map(({ at, secrets }) => ({ at: [...at, "secrets"], secrets })),
    { at: ["logging", "secretOptions"], secrets: manifest.logging?.secretOptions ?? {} },
  ];
  for (const { at, secrets } of blocks) {
    for (const [name, value] of Object.entries(secrets)) {
      if (typeof value !== "object" || value === null) continue;
      const given = Object.values(value).filter((each) => each !== undefined).length;
      if (given === 1) continue;
      const message =
        given === 0 ? `the secret ${quoted(name)} says not where it is` : `the secret ${quoted(name)} names two places`;
      report([...at, name], message, { hint: "write one of `secretsmanager` and `from_cfn`" });
    }
  }
});
