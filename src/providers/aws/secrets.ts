import { AddTagsToResourceCommand, ParameterAlreadyExists, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Records } from "../account/records.ts";
import type { Secrets, SecretToPut } from "../account/secrets.ts";
import { openEnvironment } from "./services/find-workload.ts";
import type { AwsSession } from "./session.ts";

/** Secrets in Systems Manager, written with the manager role of their environment. The tags are what the roles of its
 *  tasks are allowed to read by. */
export function createSecrets(session: AwsSession, records: Pick<Records, "environment" | "application">): Secrets {
  return {
    async put({ overwrite, parameter: Name, value: Value, ...of }) {
      const ssm = (await openEnvironment(of, { session, records })).session.client(SSMClient);
      const Tags = tagsOf(of);
      try {
        await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Tags }));
        return "created";
      } catch (error) {
        if (!(error instanceof ParameterAlreadyExists)) throw error;
      }
      if (!overwrite) return "exists";
      // SSM takes no tags together with `Overwrite`.
      await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
      await ssm.send(new AddTagsToResourceCommand({ ResourceType: "Parameter", ResourceId: Name, Tags }));
      return "updated";
    },
  };
}

function tagsOf({ app, env }: Pick<SecretToPut, "app" | "env">): { Key: string; Value: string }[] {
  return [
    { Key: "copilot-application", Value: app },
    { Key: "copilot-environment", Value: env },
  ];
}
