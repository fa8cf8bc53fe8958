import { readFile, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import { stringify } from "yaml";
import { UserError } from "../errors.ts";
import { nameProblem, nearestName } from "../workspace/names.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The types that there is a first manifest for. */
export type InitialType = "Load Balanced Web Service" | "Backend Service";

export interface ServiceToInit {
  name: string;
  type: InitialType;
  /** Where the image comes from: one of the two. The Dockerfile's path starts at the workspace's root. */
  dockerfile?: string;
  image?: string;
  /** A Load Balanced Web Service needs one. */
  port?: number;
}

export interface WrittenFile {
  file: string;
  creation: "created" | "unchanged" | "renewed";
}

/** Writes `copilot/<name>/manifest.yml`, commented, from a template, and beside the workloads the JSON Schema that its first
 *  line names, so that editors of everybody who has the repository know it. A manifest with the same text counts as done.
 *  @throws UserError usage/invalid-flag, usage/missing-input, workspace/workload-exists, workspace/write-failed */
export async function initService(
  service: ServiceToInit,
  { workspace, packageRoot }: { workspace: Workspace; packageRoot: string },
): Promise<WrittenFile[]> {
  await check(service, workspace.root);
  const manifest = await writeManifest(service, workspace, packageRoot);
  const schema = `${files[service.type]}.json`;
  const text = await readFile(join(packageRoot, "manifests/schema", schema), "utf8");
  return [manifest, await workspace.writeSchema(schema, text)];
}

async function writeManifest(service: ServiceToInit, workspace: Workspace, packageRoot: string): Promise<WrittenFile> {
  const template = await readFile(join(packageRoot, "templates", `${files[service.type]}.yml`), "utf8");
  const others = await pathsTakenByOthers(service.name, workspace);
  const text = fill(template, service, others ? `/${service.name}` : "/");
  const { file, creation } = await workspace.createWorkload(service.name, text);
  if (creation !== "different") return { file, creation };
  // It may be ours from before another service came; then the path was chosen when this was the first.
  const present = (await workspace.readWorkload(service.name)).text;
  if (present === fill(template, service, "/")) return { file, creation: "unchanged" };
  throw new UserError(
    "workspace/workload-exists",
    "this manifest exists and says something else; it was left as it is",
    {
      place: { file },
      hint: `change the file, or choose another name than ${service.name}`,
    },
  );
}

/** The name of a type's template and JSON Schema. */
const files: Record<InitialType, string> = {
  "Load Balanced Web Service": "load-balanced-web-service",
  "Backend Service": "backend-service",
};

async function check({ name, type, dockerfile, image, port }: ServiceToInit, root: string): Promise<void> {
  const problem = nameProblem(name);
  if (problem) {
    throw refuse(
      `--name ${problem}: ${JSON.stringify(name)}`,
      `for instance --name ${nearestName(name) ?? "my-service"}`,
    );
  }
  if (!(type in files)) throw refuse(`--svc-type: ${JSON.stringify(type)} is none of ${Object.keys(files).join(", ")}`);
  if (dockerfile !== undefined && image !== undefined) {
    throw refuse("--dockerfile and --image do not go together", "build an image, or take a finished one");
  }
  if (dockerfile === undefined && image === undefined) {
    throw new UserError("usage/missing-input", "either --dockerfile or --image is needed");
  }
  if (image === "") throw refuse("--image must not be empty");
  if (port === undefined && type === "Load Balanced Web Service") {
    throw new UserError("usage/missing-input", "--port is needed: the port that the program listens on");
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw refuse(`--port must be between 1 and 65535, not ${port}`);
  }
  if (dockerfile === undefined) return;
  const found = await stat(join(root, dockerfile)).catch(() => undefined);
  if (!found?.isFile())
    throw refuse(`--dockerfile: there is no file ${dockerfile}`, "its path starts at the workspace's root");
}

function refuse(message: string, hint?: string): UserError {
  return new UserError("usage/invalid-flag", message, { hint });
}

/** Whether another service of the application is behind the load balancer, so that `/` may be taken. */
async function pathsTakenByOthers(name: string, workspace: Workspace): Promise<boolean> {
  const others = (await workspace.listWorkloads()).filter((other) => other !== name);
  const texts = await Promise.all(others.map(async (other) => (await workspace.readWorkload(other)).text));
  return texts.some((text) => /^type:\s*["']?Load Balanced Web Service/m.test(text));
}

function fill(template: string, { name, dockerfile, image, port }: ServiceToInit, path: string): string {
  const values: Record<string, string> = {
    name,
    path: scalar(path),
    image:
      dockerfile === undefined ? `location: ${scalar(image ?? "")}` : `build: ${scalar(posix.normalize(dockerfile))}`,
    port: port === undefined ? "# port: 8080" : `port: ${port}`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? "");
}

/** A text as YAML writes it on one line, quoted where it must be; `${` would be a variable. */
function scalar(text: string): string {
  return stringify(text.replaceAll("${", "\\${"), { lineWidth: 0 }).trim();
}
