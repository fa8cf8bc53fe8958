/** Where ECS finds the value of a secret: what `valueFrom` of a container's `secrets` says. */
export type SecretSource =
  | {
      kind: "secret";
      /** As it was written, without key, stage and version. */
      arn: string;
      /** What the secret may be called: the ARN may, or may not, end with the six random characters of AWS. */
      names: string[];
      jsonKey?: string;
      stage?: string;
      version?: string;
    }
  | {
      kind: "parameter";
      /** What the parameter may be called: an ARN does not tell whether a name of one level begins with a slash. */
      names: string[];
      version?: string;
    }
  /** An ARN that ECS cannot read, and what it says about it. */
  | { kind: "malformed"; problem: string };

/** Reads the forms that ECS documents: the name of a parameter, its ARN, and the ARN of a secret, whole or without its
 *  random end, with `:json-key:version-stage:version-id` (all three colons) or without. Account and region mean nothing
 *  here: one account stands for all. */
export function readSecretSource(valueFrom: string): SecretSource {
  if (!valueFrom.startsWith("arn:")) return parameter(valueFrom);
  const [, , service, , , ...resource] = valueFrom.split(":");
  if (service === "secretsmanager" && resource[0] === "secret") return secret(valueFrom, resource.slice(1));
  const path = resource.join(":");
  if (service === "ssm" && path.startsWith("parameter/")) return parameterOfArn(path.slice("parameter".length));
  return { kind: "malformed", problem: "unexpected ARN format when trying to retrieve a secret" };
}

/** What a secret is called in Secrets Manager, as far as its ARN tells. */
export function secretNameOf(arn: string): string {
  const name = arn.split(":")[6] ?? arn;
  return name.replace(randomEnd, "");
}

const randomEnd = /-[A-Za-z0-9]{6}$/;

function secret(valueFrom: string, [id = "", ...more]: string[]): SecretSource {
  if ((more.length !== 0 && more.length !== 3) || id === "")
    return { kind: "malformed", problem: "unexpected ARN format with parameters when trying to retrieve ASM secret" };
  const [jsonKey, stage, version] = more;
  return {
    kind: "secret",
    arn: valueFrom.split(":").slice(0, 7).join(":"),
    names: randomEnd.test(id) ? [id, id.replace(randomEnd, "")] : [id],
    ...(jsonKey && { jsonKey }),
    ...(stage && { stage }),
    ...(version && { version }),
  };
}

function parameter(written: string): SecretSource {
  const [name = "", version] = written.split(":", 2);
  return { kind: "parameter", names: [name], ...(version !== undefined && { version }) };
}

function parameterOfArn(written: string): SecretSource {
  const [path = "", version] = written.split(":", 2);
  const isOneLevel = path.lastIndexOf("/") === 0;
  return {
    kind: "parameter",
    names: isOneLevel ? [path.slice(1), path] : [path],
    ...(version !== undefined && { version }),
  };
}
