import { UserError } from "../../errors.ts";
import { AwsSession } from "./session.ts";

interface SessionRequest {
  env: Readonly<Record<string, string | undefined>>;
  profile?: string;
  region?: string;
}

/** @throws UserError aws/no-region */
export async function openSession({ env, profile, region: given }: SessionRequest): Promise<AwsSession> {
  const region = given ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (region === undefined || region === "")
    throw new UserError("aws/no-region", "no region of AWS is set", { hint: "export AWS_REGION=eu-west-1" });
  return new AwsSession({ region, profile });
}
