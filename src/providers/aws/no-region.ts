import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../errors.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** @param profile the one that was asked for */
export function noRegion(profile?: string): UserError {
  return new UserError("aws/no-region", "no region of AWS is set", {
    hint:
      profile === undefined ? "export AWS_REGION=eu-west-1" : `aws configure set region eu-west-1 --profile ${profile}`,
  });
}

const says = [
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
];

/** Whether anything on this machine could say a region: a look at names of variables and files, for who would not load the
 *  SDK in vain. */
export function mayKnowRegion(env: Variables): boolean {
  if (says.some((name) => env[name])) return true;
  const home = env["HOME"] || env["USERPROFILE"] || homedir();
  return ["config", "credentials"].some((file) => existsSync(join(home, ".aws", file)));
}
