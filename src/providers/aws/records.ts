import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersCommand,
  type Parameter,
  paginateGetParametersByPath,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { setImmediate } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import type { ApplicationRecord, EnvironmentRecord, Records, WorkloadRecord } from "../account/records.ts";
import type { AwsSession } from "./session.ts";

const root = "/copilot/applications/";

/** Source: Systems Manager API reference, GetParameters. */
const mostNames = 10;

/** @param app nothing: of all applications */
function recordPath(app = ""): string {
  return `${root}${app}`;
}

/** The records of applications in the session's account and region. Source: the paths and the JSON that the Copilot CLI
 *  writes (`internal/pkg/config` of aws/copilot-cli). */
export function createRecords(session: AwsSession): Records {
  const ssm = session.client(SSMClient);
  const environments = (app: string) => `${recordPath(app)}/environments/`;
  const workloads = (app: string) => `${recordPath(app)}/components/`;
  /** By path. */
  const known = new Map<string, EnvironmentRecord>();

  const get = async <T>(path: string): Promise<T | undefined> => {
    try {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: path }));
      return recordIn<T>(path, Parameter?.Value);
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  };
  let waiting: { names: Set<string>; parameters: Promise<Parameter[]> } | undefined;
  /** What is asked for at the same moment is one call. The answer may have more than was asked for. */
  const together = (names: readonly string[]): Promise<Parameter[]> => {
    if (waiting === undefined || new Set([...waiting.names, ...names]).size > mostNames) {
      const mine = { names: new Set<string>(), parameters: Promise.resolve<Parameter[]>([]) };
      mine.parameters = setImmediate().then(async () => {
        if (waiting === mine) waiting = undefined;
        return (await ssm.send(new GetParametersCommand({ Names: [...mine.names] }))).Parameters ?? [];
      });
      waiting = mine;
    }
    for (const name of names) waiting.names.add(name);
    return waiting.parameters;
  };
  const list = async <T>(folder: string): Promise<T[]> => {
    const found: [string, T][] = [];
    const pages = paginateGetParametersByPath({ client: ssm }, { Path: folder, Recursive: false });
    for await (const { Parameters = [] } of pages)
      for (const { Name = "", Value } of Parameters) found.push([Name, recordIn<T>(Name, Value)]);
    return found.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
  };
  /** What others have written into it stays. */
  const put = async (path: string, record: object, tags: Record<string, string>, isNew = false): Promise<void> => {
    const there = isNew ? undefined : await get<object>(path);
    const Value = JSON.stringify({ ...there, ...record });
    if (there !== undefined && Value === JSON.stringify(there)) return;
    const Tags = Object.entries(tags).map(([Key, value]) => ({ Key, Value: value }));
    if (there !== undefined) {
      await ssm.send(new PutParameterCommand({ Name: path, Type: "String", Value, Overwrite: true }));
      await ssm.send(new AddTagsToResourceCommand({ ResourceType: "Parameter", ResourceId: path, Tags }));
      return;
    }
    try {
      await ssm.send(new PutParameterCommand({ Name: path, Type: "String", Value, Tags }));
    } catch (error) {
      if (!isThere(error)) throw error;
      // Ours, whose answer was lost; or somebody else's of a moment ago.
      const written = await get<object>(path);
      if (JSON.stringify(written) === Value) return;
      if (isNew || written === undefined) throw error;
      await put(path, record, tags);
    }
  };
  const remember = <T extends EnvironmentRecord | undefined>(record: T): T => {
    if (record !== undefined) known.set(environments(record.app) + record.name, record);
    return record;
  };
  const remove = async (path: string): Promise<void> => {
    try {
      await ssm.send(new DeleteParameterCommand({ Name: path }));
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error;
    }
  };

  return {
    async named({ app, env, workload }) {
      const ofWorkload = workload === undefined ? [] : [workloads(app) + workload];
      const Names = [recordPath(app), environments(app) + env, ...ofWorkload];
      const parameters = await together(Names);
      const found = <T>(path = ""): T | undefined => {
        const parameter = parameters.find(({ Name }) => Name === path);
        return parameter && recordIn<T>(path, parameter.Value);
      };
      return {
        application: found<ApplicationRecord>(Names[0]),
        environment: remember(found<EnvironmentRecord>(Names[1])),
        workload: found<WorkloadRecord>(Names[2]),
      };
    },
    application: (app) => get<ApplicationRecord>(recordPath(app)),
    listApplications: () => list<ApplicationRecord>(root),
    async putApplication(record, { overwrite } = { overwrite: false }) {
      try {
        await put(recordPath(record.name), record, { "copilot-application": record.name }, !overwrite);
      } catch (error) {
        if (!isThere(error)) throw error;
        throw new UserError("application/exists", `the application ${record.name} is there already`, {
          hint: `pilotfish app show --name ${record.name}`,
          cause: error,
        });
      }
    },
    deleteApplication: (app) => remove(recordPath(app)),
    async environment(app, env) {
      const path = environments(app) + env;
      return known.get(path) ?? remember(await get<EnvironmentRecord>(path));
    },
    async listEnvironments(app) {
      const listed = await list<EnvironmentRecord>(environments(app));
      listed.forEach(remember);
      return listed;
    },
    putEnvironment(record) {
      known.delete(environments(record.app) + record.name);
      return put(environments(record.app) + record.name, record, {
        "copilot-application": record.app,
        "copilot-environment": record.name,
      });
    },
    deleteEnvironment(app, env) {
      known.delete(environments(app) + env);
      return remove(environments(app) + env);
    },
    listWorkloads: (app) => list<WorkloadRecord>(workloads(app)),
    putWorkload: (record) =>
      put(workloads(record.app) + record.name, record, {
        "copilot-application": record.app,
        "copilot-service": record.name,
      }),
    deleteWorkload: (app, name) => remove(workloads(app) + name),
  };
}

function recordIn<T>(path: string, value: string | undefined): T {
  try {
    return JSON.parse(value ?? "") as T;
  } catch (error) {
    throw new UserError("record/invalid", `the parameter ${path} of Systems Manager is no JSON`, {
      hint: `aws ssm get-parameter --name ${path}`,
      cause: error,
    });
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && error.name === "ParameterAlreadyExists";
}
