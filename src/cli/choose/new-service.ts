import { existsSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { nameProblem } from "../../actions/check-name.ts";
import { type DiscoveredDockerfile, discoverDockerfiles } from "../../actions/discover-dockerfiles.ts";
import type { InitialType, ServiceToInit } from "../../actions/init-service.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import type { Prompts } from "../host.ts";

export interface NewServiceInput {
  name?: string;
  /** As given; the action checks it. */
  type?: string;
  dockerfile?: string;
  image?: string;
  port?: number;
}

/** The flag that `init` and `svc init` call the type by differs. */
export interface NewServiceFlags {
  type: "--type" | "--svc-type";
}

const types: { name: string; value: InitialType }[] = [
  { name: "Load Balanced Web Service (answers HTTP behind a load balancer)", value: "Load Balanced Web Service" },
  { name: "Backend Service (reached by other services only)", value: "Backend Service" },
];

/** Everything about a service that is to be written; what was not given is found or asked for. Writes nothing.
 *  @throws UserError usage/missing-input naming all that is missing, usage/invalid-flag, interrupted */
export async function chooseNewService(
  input: NewServiceInput,
  root: string,
  flags: NewServiceFlags,
  context: Context,
): Promise<ServiceToInit> {
  const dockerfile = input.dockerfile === undefined ? undefined : fromRoot(input.dockerfile, root, context.host.cwd);
  checkGiven({ ...input, dockerfile }, root, flags);
  const found = await discoverDockerfiles(root);
  const given = { ...input, dockerfile, type: input.type as InitialType | undefined };
  return context.interactive
    ? askFor(given, root, found, await context.prompts())
    : takeWhatIsClear(given, root, found, flags, context);
}

/** Refuses at once what would be refused when it is written, so that nothing is half written. */
function checkGiven({ name, type, dockerfile }: NewServiceInput, root: string, flags: NewServiceFlags): void {
  const problem = name === undefined ? undefined : nameProblem(name);
  if (problem !== undefined) throw invalid(`--name ${problem}: ${JSON.stringify(name)}`, "for instance --name api");
  if (type !== undefined && !types.some(({ value }) => value === type)) {
    const allowed = types.map(({ value }) => `"${value}"`).join(" or ");
    throw invalid(`${flags.type}: this version knows no type "${type}"`, `use ${allowed}`);
  }
  if (dockerfile !== undefined && !existsSync(resolve(root, dockerfile)))
    throw invalid(`--dockerfile: there is no file ${dockerfile}`, "its path starts at the workspace's root");
}

function invalid(message: string, hint: string): UserError {
  return new UserError("usage/invalid-flag", message, { hint });
}

type Given = Omit<NewServiceInput, "type"> & { type?: InitialType };

async function askFor(
  given: Given,
  root: string,
  found: DiscoveredDockerfile[],
  prompts: Prompts,
): Promise<ServiceToInit> {
  const type = given.type ?? (await prompts.select({ message: "Which type of service?", choices: types }));
  const name =
    given.name ??
    (await prompts.input({
      message: "What is the name of the service?",
      default: nameFrom(basename(root)),
      problem: (answer) => nameProblemText(answer),
    }));
  const source = (given.dockerfile ?? given.image) ? given : await askForSource(name, found, prompts);
  const port = given.port ?? (await askForPort(type, source, found, prompts));
  return { name, type, dockerfile: source.dockerfile, image: source.image, port };
}

/** The Dockerfile or the image that a workload comes from. */
export async function askForSource(
  name: string,
  found: DiscoveredDockerfile[],
  prompts: Prompts,
): Promise<{ dockerfile?: string; image?: string }> {
  const choices = found.map(({ path }) => ({ name: path, value: path }));
  const dockerfile = await prompts.select({
    message: `Which Dockerfile builds the image of ${name}?`,
    choices: [...choices, { name: "none: run an existing image", value: "" }],
  });
  if (dockerfile !== "") return { dockerfile };
  return { image: await prompts.input({ message: "Which image?" }) };
}

async function askForPort(
  type: InitialType,
  { dockerfile }: { dockerfile?: string },
  found: DiscoveredDockerfile[],
  prompts: Prompts,
): Promise<number | undefined> {
  const optional = type === "Backend Service";
  const exposed = portsOf(dockerfile, found)[0];
  const answer = await prompts.input({
    message: `Which port does the container listen on?${optional ? " (empty: none)" : ""}`,
    default: exposed === undefined ? (optional ? undefined : "80") : String(exposed),
    optional,
    problem: (text) => ((optional && text === "") || isPort(text) ? undefined : "a port is a number from 1 to 65535"),
  });
  return answer === "" ? undefined : Number(answer);
}

function takeWhatIsClear(
  given: Given,
  root: string,
  found: DiscoveredDockerfile[],
  flags: NewServiceFlags,
  context: Context,
): ServiceToInit {
  const { name, type, image } = given;
  const only = image === undefined && found.length === 1 ? found[0]?.path : undefined;
  const dockerfile = given.dockerfile ?? only;
  const exposed = portsOf(dockerfile, found);
  const port = given.port ?? (exposed.length === 1 ? exposed[0] : undefined);
  const missing = [
    ...(type === undefined ? [`${flags.type} ("Load Balanced Web Service" or "Backend Service")`] : []),
    ...(name === undefined ? ["--name"] : []),
    ...((dockerfile ?? image)
      ? []
      : [
          found.length === 0 ? "--dockerfile or --image" : `--dockerfile (${found.map(({ path }) => path).join(", ")})`,
        ]),
    ...(port === undefined && type !== "Backend Service" ? ["--port"] : []),
  ];
  if (missing.length > 0 || name === undefined || type === undefined)
    throw new UserError("usage/missing-input", `needed, because there is nobody to ask: ${missing.join(", ")}`, {
      hint: exampleLine(given, root, dockerfile ?? found[0]?.path, port, flags, context),
    });
  if (given.dockerfile === undefined && dockerfile !== undefined)
    context.say(`image: built from ${dockerfile}, the only Dockerfile`);
  if (given.port === undefined && port !== undefined) context.say(`port: ${port}, which ${dockerfile} exposes`);
  return { name, type, dockerfile, image, port };
}

/** The command with everything in it that was missing. */
function exampleLine(
  given: Given,
  root: string,
  dockerfile: string | undefined,
  port: number | undefined,
  flags: NewServiceFlags,
  { commandLine }: Context,
): string {
  const more = [
    ...(given.type === undefined ? [flags.type, "Load Balanced Web Service"] : []),
    ...(given.name === undefined ? ["--name", freeName(root)] : []),
    ...((given.dockerfile ?? given.image) ? [] : ["--dockerfile", dockerfile ?? "Dockerfile"]),
    ...(port === undefined && given.type !== "Backend Service" ? ["--port", "8080"] : []),
  ];
  return shellLine([...commandLine, ...more]);
}

/** A name that no workload has yet. */
function freeName(root: string): string {
  const isFree = (name: string) => !existsSync(join(root, "copilot", name));
  for (let number = 2; ; number++) {
    const free = ["api", "web", `api-${number}`].find(isFree);
    if (free !== undefined) return free;
  }
}

function portsOf(dockerfile: string | undefined, found: DiscoveredDockerfile[]): number[] {
  return found.find(({ path }) => path === dockerfile)?.ports ?? [];
}

/** A Dockerfile as the manifest names it. A path that exists from where the user is means that file. */
export function fromRoot(given: string, root: string, cwd: string): string {
  const path = relative(root, resolve(cwd, given));
  const inside = path !== "" && !path.startsWith("..");
  return inside && existsSync(resolve(cwd, given)) ? path.split(sep).join("/") : given;
}

function nameProblemText(name: string): string | undefined {
  const problem = nameProblem(name);
  return problem === undefined ? undefined : `the name ${problem}`;
}

/** A folder's name where it can be a service's too. */
function nameFrom(folder: string): string | undefined {
  return nameProblem(folder) === undefined ? folder : undefined;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
