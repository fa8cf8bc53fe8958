import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { UserError } from "../../errors.ts";
import type { ArtifactPlace } from "../account/artifacts.ts";
import type { DeployedStack, History, PastDeployment } from "../account/history.ts";
import type { WorkloadRef } from "../provider.ts";
import type { AwsSession } from "./session.ts";

const usualLimit = 20;

/** A record, with what its stack was given beside the template. */
interface Written extends PastDeployment {
  parameters: DeployedStack["parameters"];
  tags: DeployedStack["tags"];
}

/** Records are objects `history/ENV/WORKLOAD/TIME-DEPLOYMENT.json`, of which the greatest name is the newest; their templates
 *  lie in `templates/` beside them under their hash, each once. */
export function createHistory(session: AwsSession): History {
  const s3In = ({ region }: ArtifactPlace) => session.inRegion(region).client(S3Client);

  /** Records newest first, and templates. */
  const keysOf = async (workload: WorkloadRef, where: ArtifactPlace) => {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await s3In(where).send(
        new ListObjectsV2Command({ Bucket: where.bucket, Prefix: folderOf(workload), ContinuationToken: token }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    const ofTemplates = `${folderOf(workload)}templates/`;
    const templates = keys.filter((key) => key.startsWith(ofTemplates));
    return {
      records: keys
        .filter((key) => !key.startsWith(ofTemplates))
        .toSorted()
        .toReversed(),
      templates,
    };
  };

  const read = async (key: string, where: ArtifactPlace): Promise<string> => {
    const { Body } = await s3In(where).send(new GetObjectCommand({ Bucket: where.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  };

  const readRecords = async (keys: readonly string[], where: ArtifactPlace): Promise<Written[]> =>
    Promise.all(keys.map(async (key) => JSON.parse(await read(key, where)) as Written));

  const put = async (object: Omit<PutObjectCommandInput, "Bucket">, where: ArtifactPlace): Promise<void> => {
    const encrypted = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: where.kmsKeyArn } as const;
    await s3In(where).send(new PutObjectCommand({ Bucket: where.bucket, ...object, ...encrypted }));
  };

  const remove = async (keys: readonly string[], where: ArtifactPlace): Promise<void> => {
    const largest = 1000;
    for (let at = 0; at < keys.length; at += largest) {
      const Objects = keys.slice(at, at + largest).map((Key) => ({ Key }));
      await s3In(where).send(new DeleteObjectsCommand({ Bucket: where.bucket, Delete: { Objects, Quiet: true } }));
    }
  };

  return {
    async record(deployment, { template, parameters, tags }, where) {
      const hash = createHash("sha256").update(template).digest("hex");
      const written: Written = { ...deployment, template: hash, parameters, tags };
      await put({ Key: templateKey(deployment, hash), Body: template, IfNoneMatch: "*" }, where).catch(unlessThere);
      await put({ Key: recordKey(deployment), Body: JSON.stringify(written), ContentType: "application/json" }, where);
    },
    async list(workload, where, limit = usualLimit) {
      const { records } = await keysOf(workload, where);
      return (await readRecords(records.slice(0, limit), where)).map(
        ({ parameters: _, tags: __, ...deployment }) => deployment,
      );
    },
    async stackOf(deployment, where) {
      try {
        const [[written], template] = await Promise.all([
          readRecords([recordKey(deployment)], where),
          read(templateKey(deployment, deployment.template), where),
        ]);
        return { template, parameters: written?.parameters ?? {}, tags: written?.tags ?? {} };
      } catch (error) {
        if (!(error instanceof NoSuchKey)) throw error;
        const { app, env, name, at } = deployment;
        throw new UserError("history/gone", `the stack that ${name} was deployed with to ${env} at ${at} is not kept`, {
          hint: `pilotfish svc deploy -a ${app} -n ${name} -e ${env}`,
          cause: error,
        });
      }
    },
    async prune(workload, { keep, inUse }, where) {
      const { records, templates } = await keysOf(workload, where);
      const isInUse = (key: string) =>
        inUse.some(
          (each) => key.endsWith(`-${fileName(each)}.json`) || key.startsWith(`${folderOf(workload)}${each}-`),
        );
      const old = records.slice(keep).filter((key) => !isInUse(key));
      const kept = await readRecords(
        records.filter((key) => !old.includes(key)),
        where,
      );
      const needed = new Set(kept.map(({ template }) => templateKey(workload, template)));
      // Records first: one without its template would be in the way.
      await remove(old, where);
      await remove(
        templates.filter((key) => !needed.has(key)),
        where,
      );
      return old.length;
    },
  };
}

/** What was to be written only once is there, or just being written. Source: Amazon S3 User Guide, "How to prevent object
 *  overwrites with conditional writes". */
function unlessThere(error: unknown): void {
  const { httpStatusCode = 0 } = error instanceof S3ServiceException ? error.$metadata : {};
  if (![409, 412].includes(httpStatusCode)) throw error;
}

function folderOf({ env, name }: WorkloadRef): string {
  return `history/${env}/${name}/`;
}

/** Times as ISO 8601 sort as they follow each other. */
function recordKey(deployment: PastDeployment): string {
  return `${folderOf(deployment)}${deployment.at}-${fileName(deployment.deploymentId ?? "stack")}.json`;
}

function fileName(deploymentId: string): string {
  return deploymentId.replace("/", "-");
}

function templateKey(workload: WorkloadRef, hash: string): string {
  return `${folderOf(workload)}templates/${hash}`;
}
