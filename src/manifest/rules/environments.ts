import type { Path } from "../problems.ts";
import { secretText } from "../secret-text.ts";
import { quoted } from "../words.ts";
import { type ReadManifest, type Report, rule } from "./rule.ts";

interface Environment {
  at: Path;
  variables: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, unknown>>;
}

type Manifest = Pick<ReadManifest, "variables" | "secrets" | "sidecars" | "logging">;

/** What each container gets: the main one, the sidecars, the log router. */
function environmentsOf({ variables, secrets, sidecars, logging }: Manifest): Environment[] {
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
export const variableNames = rule<Manifest>("variables/name", reads, (manifest, report) => {
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
export const reservedVariables = rule<Manifest>("variables/reserved", reads, (manifest, report) => {
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
export const secretNames = rule<Manifest>("secrets/name", reads, (manifest, report) => {
  for (const { at, variables, secrets } of environmentsOf(manifest)) {
    for (const name of Object.keys(secrets).filter((each) => Object.hasOwn(variables, each)))
      report([...at, "secrets", name], `${quoted(name)} is a variable of this container too`, {
        hint: "keep one of the two",
      });
  }
});

/** A secret comes from one place. */
export const secretSource = rule<Manifest>(
  "secrets/source",
  ["secrets/**", "sidecars/**", "logging/**"],
  (manifest, report) => {
    for (const { at, secrets } of secretBlocks(manifest)) {
      for (const [name, value] of Object.entries(secrets)) {
        if (value === "")
          report([...at, name], `the secret ${quoted(name)} does not say where it is`, {
            hint: "write the name of a parameter, or `{ secretsmanager: NAME }`",
          });
        if (typeof value !== "object" || value === null) continue;
        const given = Object.values(value).filter((each) => each !== undefined).length;
        if (given === 1) continue;
        const message =
          given === 0
            ? `the secret ${quoted(name)} does not say where it is`
            : `the secret ${quoted(name)} names two places`;
        report([...at, name], message, { hint: "write one of `secretsmanager` and `from_cfn`" });
      }
    }
  },
);

function secretBlocks(manifest: Manifest): { at: Path; secrets: Environment["secrets"] }[] {
  return [
    ...environmentsOf(manifest).map(({ at, secrets }) => ({ at: [...at, "secrets"], secrets })),
    { at: ["logging", "secretOptions"], secrets: manifest.logging?.secretOptions ?? {} },
  ];
}

/** What ECS takes as the place of a secret: a parameter's name or ARN, or a secret of Secrets Manager, after whose name a
 *  key of its JSON, a stage and a version may stand, with all colons. */
export const secretForms = rule<Manifest>(
  "secrets/form",
  ["secrets/**", "sidecars/**", "logging/**"],
  (manifest, report) => {
    for (const { at, secrets } of secretBlocks(manifest)) {
      for (const [name, value] of Object.entries(secrets)) {
        if (typeof value === "string" && value !== "") checkText([...at, name], secretText(value), report);
        else if (typeof value === "object" && value !== null && "secretsmanager" in value)
          checkParts([...at, name, "secretsmanager"], String(value.secretsmanager), report);
      }
    }
  },
);

function checkText(at: Path, value: string, report: Report): void {
  if (value.includes("${")) return;
  const [, service, resource = ""] = /^arn:[\w-]+:([\w-]*):[^:]*:[^:]*:(.*)$/s.exec(value) ?? [];
  if (service === "secretsmanager" && resource.startsWith("secret:"))
    return checkParts(at, resource.slice("secret:".length), report, value);
  if (service === "ssm" && resource.startsWith("parameter/")) return;
  if (value.startsWith("arn:"))
    return report(at, `${quoted(value)} is the ARN of neither a parameter nor a secret`, {
      hint: "such as arn:aws:ssm:REGION:ACCOUNT:parameter/NAME or arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
    });
  if (!/^[\w./-]+$/.test(value))
    report(at, `${quoted(value)} is no name of a parameter: letters, digits and . - _ / only`, {
      hint: `a secret of Secrets Manager is written \`{ secretsmanager: ${/^[\w/+=.@:!-]{1,80}$/.test(value) ? `"${value}"` : "NAME"} }\``,
    });
}

function checkParts(at: Path, text: string, report: Report, whole = text): void {
  if (text.includes("${")) return;
  const [name = "", ...parts] = text.split(":");
  const [, stage = "", version = ""] = parts;
  if (name === "") report(at, "the secret has no name before its colons");
  else if (parts.length > 3)
    report(at, "a secret's name is followed by a key, a stage and a version, and by nothing more", {
      hint: "write `name:key:stage:version`, each of the last three may be empty",
    });
  else if (stage !== "" && version !== "")
    report(at, "a secret is named by its stage or by its version, not by both", {
      hint: `write \`${name}:${parts[0]}:${stage}:\``,
    });
  else if (parts.length > 0 && parts.length < 3)
    report(at, "ECS wants all three colons once there is one", {
      hint: `write \`${whole}${":".repeat(3 - parts.length)}\``,
      severity: "warning",
    });
}
