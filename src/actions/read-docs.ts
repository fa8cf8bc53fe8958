import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { closestMatch } from "leven";
import { UserError } from "../errors.ts";

/** A type of manifest that there is an annotated sample of. */
export interface DocumentedType {
  type: string;
  /** What people say for it. */
  short: string;
  about: string;
  /** Folders of `manifests/`, each with a `manifest.yml`. */
  samples: readonly string[];
}

export const documentedTypes: readonly DocumentedType[] = [
  {
    type: "Load Balanced Web Service",
    short: "lbws",
    about: "behind the load balancer of its environment",
    samples: ["load-balanced-web-service/copilot/hello"],
  },
  {
    type: "Backend Service",
    short: "bs",
    about: "reached by other services only; it explains what all services have",
    samples: ["backend-service/copilot/quotes"],
  },
  {
    type: "Worker Service",
    short: "ws",
    about: "works off messages that others publish",
    samples: ["worker-service/copilot/labels"],
  },
  {
    type: "Request-Driven Web Service",
    short: "rdws",
    about: "runs on AWS App Runner",
    samples: ["request-driven-web-service/copilot/links"],
  },
  { type: "Static Site", short: "ss", about: "files behind CloudFront", samples: ["static-site/copilot/docs"] },
  {
    type: "Scheduled Job",
    short: "sj",
    about: "runs to its end, at set times",
    samples: ["scheduled-job/copilot/report"],
  },
  {
    type: "Environment",
    short: "env",
    about: "the network and the load balancers that services share",
    samples: ["environment/copilot/environments/test", "environment/copilot/environments/shared"],
  },
  {
    type: "Pipeline",
    short: "pipe",
    about: "deploys all of it when the code changes",
    samples: ["pipeline/copilot/pipelines/release", "pipeline/copilot/pipelines/network"],
  },
];

export interface Docs {
  type: string;
  /** The annotated manifests. */
  manifests: { path: string; text: string }[];
  /** Where the JSON Schema of the type lies. */
  schema: string;
}

/** The annotated manifests of a type, by any name that people give it: `Backend Service`, `backend`, `bs`.
 *  @throws UserError usage/invalid-flag */
export async function readDocs(name: string, packageRoot: string): Promise<Docs> {
  const { type, samples } = find(name);
  const paths = samples.map((sample) => join(packageRoot, "manifests", sample, "manifest.yml"));
  const manifests = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, "utf8") })));
  return { type, manifests, schema: join(packageRoot, "manifests/schema", `${dashed(type)}.json`) };
}

/** By its name, its short name, or the words that it alone has: `job`, `static`, `load-balanced`. */
function find(name: string): DocumentedType {
  const given = dashed(name);
  const exact = documentedTypes.find(({ type, short }) => given === dashed(type) || given === short);
  const like = documentedTypes.filter(({ type }) => `-${dashed(type)}-`.includes(`-${given}`));
  const [found, ...others] = exact ? [exact] : like;
  if (found && others.length === 0) return found;
  const names = documentedTypes.flatMap(({ type, short }) => [dashed(type), short, ...dashed(type).split("-")]);
  const close =
    like.length > 0
      ? undefined
      : closestMatch(given, names, { maxDistance: Math.max(1, Math.floor(given.length / 3)) });
  throw new UserError("usage/invalid-flag", `there is no type of manifest called ${JSON.stringify(name)}`, {
    hint: close === undefined ? "pilotfish docs" : `pilotfish docs ${close}`,
  });
}

function dashed(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "-");
}
