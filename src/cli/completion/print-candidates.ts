import { listApplications, listEnvironments } from "../../actions/list-environments.ts";
import { openWorkspaceIfAny, type Workspace } from "../../actions/open-workspace.ts";
import type { Context } from "../context.ts";
import { clean } from "../render/clean.ts";
import { complete, type Names } from "./complete.ts";

/** The hidden command `__complete`: prints what may stand at the cursor, for the scripts of `completion`. Starts nothing;
 *  whatever fails leaves a candidate out and says nothing. */
export async function printCandidates(words: readonly string[], context: Context): Promise<void> {
  const { candidates, files } = await complete(words, namesOf(context)).catch(() => ({ candidates: [], files: false }));
  const lines = candidates.map(({ word, about }) => (about === undefined ? clean(word) : `${clean(word)}\t${about}`));
  for (const line of [...lines, ...(files ? [":files"] : [])]) context.host.stdout.write(`${line}\n`);
}

function namesOf(context: Context): Names {
  const provider = async () => (await context.wire()).provider("local");
  const workspace = async (app?: string): Promise<Workspace | undefined> => {
    const found = await openWorkspaceIfAny(context.host.cwd).catch(() => undefined);
    return app === undefined || found?.application === app ? found : undefined;
  };
  return {
    workloads: async (app) => (await workspace(app))?.listWorkloads() ?? [],
    async pipelines(app) {
      const ours = await workspace(app);
      if (ours === undefined) return [];
      // Names of pipelines stand in their manifests; other names need no reader of YAML.
      const { listPipelines } = await import("../../actions/find-pipeline.ts");
      return (await listPipelines(ours)).map(({ name }) => name);
    },
    async environments(given) {
      const ours = await workspace(given);
      const app = given ?? ours?.application;
      if (app === undefined) return ["local"];
      const known = await listEnvironments(app, { provider: await provider(), workspace: ours });
      return [...new Set(known.map(({ name }) => name))];
    },
    applications: async () => listApplications({ provider: await provider(), workspace: await workspace() }),
  };
}
