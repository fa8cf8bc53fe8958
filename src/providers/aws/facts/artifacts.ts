import {
  CloudFormationClient,
  paginateListStackInstances,
  StackSetNotFoundException,
  type StackInstanceSummary,
} from "@aws-sdk/client-cloudformation";
import type { ArtifactFacts } from "../../../cloudformation/facts.ts";
import { atTheSameTime } from "../at-the-same-time.ts";
import type { AwsSession } from "../session.ts";
import type { FactsTools } from "./facts-tools.ts";

/** Where the application keeps files, by region. The stack set has one instance in each, all in the application's own
 *  account. A bucket stays where it is: what has been found is not asked for again. */
export function artifactsReader({ session, stacks }: Pick<FactsTools, "session" | "stacks">): FactsTools["artifacts"] {
  const known = new Map<string, ArtifactFacts>();
  const ask = async (app: string, region: string | undefined) => {
    const all = await artifactsByRegion({ app, region }, { session, stacks });
    for (const [each, artifacts] of Object.entries(all)) known.set(`${app} ${each}`, artifacts);
    return all;
  };
  const askOnce = atTheSameTime(ask);
  return async (app, region) => {
    const found = region === undefined ? undefined : known.get(`${app} ${region}`);
    return region !== undefined && found !== undefined ? { [region]: found } : askOnce(app, region);
  };
}

async function artifactsByRegion(
  { app, region }: { app: string; region: string | undefined },
  { session, stacks }: Pick<FactsTools, "session" | "stacks">,
): Promise<Record<string, ArtifactFacts>> {
  const instances = await instancesOf(`${app}-infrastructure`, region, session);
  const found = await Promise.all(
    instances.map(async ({ Region = "", StackId = "" }) => {
      const instance = await stacks.describe(StackId, { region: Region });
      const bucket = instance?.outputs["PipelineBucket"];
      const kmsKeyArn = instance?.outputs["KMSKeyARN"];
      return bucket === undefined || kmsKeyArn === undefined ? [] : [[Region, { bucket, kmsKeyArn }] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

async function instancesOf(
  set: string,
  region: string | undefined,
  session: AwsSession,
): Promise<StackInstanceSummary[]> {
  const client = session.client(CloudFormationClient);
  const found: StackInstanceSummary[] = [];
  try {
    const given = { StackSetName: set, ...(region !== undefined && { StackInstanceRegion: region }) };
    for await (const { Summaries = [] } of paginateListStackInstances({ client }, given)) found.push(...Summaries);
  } catch (error) {
    if (error instanceof StackSetNotFoundException) return [];
    throw error;
  }
  return found.filter(({ Region, StackId }) => StackId !== undefined && (region === undefined || Region === region));
}
