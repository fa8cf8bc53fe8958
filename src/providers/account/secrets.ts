import type { EnvironmentRef, PutResult } from "../provider.ts";

/** Secrets of applications: encrypted parameters that the tasks of an environment may read. */
export interface Secrets {
  /** Keeps a value in the environment's account and region. One that is there is left alone without `overwrite`. No error
   *  holds the value. @throws UserError environment/not-found, aws/* */
  put(secret: SecretToPut): Promise<PutResult>;
}

export interface SecretToPut extends EnvironmentRef {
  /** The parameter's: `/copilot/shop/test/secrets/db_password`. */
  parameter: string;
  value: string;
  overwrite: boolean;
}
