import { UserError } from "../../errors.ts";
import { text } from "../flags.ts";
import type { OtherCredentials } from "../wire-contract.ts";

/** The flags of commands that act in an account or a region beside the application's. */
export const credentialFlags = {
  profile: text({ name: "profile", value: "NAME", description: "Profile of AWS's shared configuration files." }),
  region: text({ name: "region", value: "REGION", description: "Region of AWS." }),
  accessKeyId: text({ name: "aws-access-key-id", value: "ID", description: "Access key of AWS." }),
  secretAccessKey: text({ name: "aws-secret-access-key", value: "KEY", description: "Its secret." }),
  sessionToken: text({ name: "aws-session-token", value: "TOKEN", description: "Its session, where it has one." }),
};

export interface CredentialInput {
  profile?: string;
  region?: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
}

/** @throws UserError usage/invalid-flag */
export function credentialsOf({ profile, region, ...keys }: CredentialInput): OtherCredentials {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const given = accessKeyId !== undefined || secretAccessKey !== undefined || sessionToken !== undefined;
  if (given && profile !== undefined)
    throw new UserError("usage/invalid-flag", "--profile and --aws-access-key-id exclude each other", {
      hint: "leave one of them out",
    });
  if (given && (accessKeyId === undefined || secretAccessKey === undefined))
    throw new UserError("usage/missing-input", "--aws-access-key-id and --aws-secret-access-key belong together", {
      hint: "keys in arguments can be read by others on this machine: a profile is safer: --profile NAME",
    });
  return {
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        keys: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
  };
}
