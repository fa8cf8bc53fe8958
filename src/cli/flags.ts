import * as z from "zod/mini";
import { readPairs } from "./pairs.ts";

/** What a flag looks like on the command line; registered beside the schema of its value. */
export interface FlagInfo {
  /** Without the dashes: `no-rollback`. */
  name: string;
  short?: string;
  description: string;
  /** What help calls its value; a flag without one is a switch. */
  value?: string;
  /** May be given several times, and takes several values between commas. */
  list?: boolean;
  /** May be given several times; each is read whole. */
  repeated?: boolean;
  completes?: Completes;
}

/** What a shell offers for a value: names that exist, files, or words. */
export type Completes = "application" | "environment" | "workload" | "pipeline" | "file" | readonly string[];

const serviceTypes = ["Load Balanced Web Service", "Backend Service"];

export const flagInfo = z.registry<FlagInfo>();

/** What a word without a flag looks like on the command line: `app init [name]`. Every operand may be left out; a command
 *  that needs it asks for it. */
export interface OperandInfo {
  /** As help and errors call it: `name`. */
  name: string;
  description: string;
  completes?: Completes;
}

export const operandInfo = z.registry<OperandInfo>();

/** The flags that commands share, so that one name means one thing everywhere. */
export const flags = {
  app: text({
    name: "app",
    short: "a",
    value: "NAME",
    description: "Name of the application.",
    completes: "application",
  }),
  workload: nameOf({
    name: "name",
    short: "n",
    value: "NAME",
    description: "Name of the service.",
    completes: "workload",
  }),
  applicationName: text({
    name: "name",
    short: "n",
    value: "NAME",
    description: "Name of the application.",
    completes: "application",
  }),
  environmentName: nameOf({
    name: "name",
    short: "n",
    value: "NAME",
    description: "Name of the environment.",
    completes: "environment",
  }),
  pipelineName: nameOf({
    name: "name",
    short: "n",
    value: "NAME",
    description: "Name of the pipeline.",
    completes: "pipeline",
  }),
  environment: nameOf({
    name: "env",
    short: "e",
    value: "NAME",
    description: "Name of the environment.",
    completes: "environment",
  }),
  type: text({
    name: "type",
    short: "t",
    value: "TYPE",
    description: `"Load Balanced Web Service" or "Backend Service".`,
    completes: serviceTypes,
  }),
  serviceType: text({
    name: "svc-type",
    short: "t",
    value: "TYPE",
    description: `"Load Balanced Web Service" or "Backend Service".`,
    completes: serviceTypes,
  }),
  dockerfile: text({
    name: "dockerfile",
    short: "d",
    value: "PATH",
    description: "Dockerfile to build the image from.",
    completes: "file",
  }),
  image: text({ name: "image", short: "i", value: "IMAGE", description: "Image to run instead of building one." }),
  port: whole({ name: "port", value: "PORT", description: "Port that the container listens on." }, 1, 65535),
  tag: text({ name: "tag", value: "TAG", description: "Further tag for the image of the main container." }),
  allowDowngrade: toggle({ name: "allow-downgrade", description: "Nothing asks for it here; for Copilot's sake." }),
  json: toggle({ name: "json", description: "Print JSON instead of text." }),
  yes: toggle({ name: "yes", description: "Do not ask." }),
  local: toggle({ name: "local", description: "A simulated environment; without -e the one named local." }),
  aws: toggle({ name: "aws", description: "An environment on AWS." }),
  timeout: duration({
    name: "timeout",
    value: "DURATION",
    description: "Stop waiting after this time, such as 90s or 10m; the deployment goes on.",
  }),
};

/** An operand with any text but an empty one. */
export function operand(info: OperandInfo) {
  const schema = z.optional(z.string().check(z.minLength(1, "must not be empty")));
  operandInfo.add(schema, info);
  return schema;
}

/** An operand that is one of a few words. */
export function operandOf<const Word extends string>(words: readonly Word[], info: OperandInfo) {
  const schema = z.optional(z.enum(words, `must be one of ${words.join(", ")}`));
  operandInfo.add(schema, info);
  return schema;
}

/** A flag with any text but an empty one as its value. */
export function text(info: FlagInfo) {
  const schema = z.optional(z.string().check(z.minLength(1, "needs a value")));
  return register(schema, info);
}

/** The same for what is found by its name, which is never a path. */
export function nameOf(info: FlagInfo) {
  const isName = (value: string) => !/[/\\]|^\.{1,2}$/.test(value);
  const named = z.string().check(z.minLength(1, "needs a value"), z.refine(isName, "must be a name, not a path"));
  return register(z.optional(named), info);
}

/** A switch: true when given. */
export function toggle(info: FlagInfo) {
  // oxlint-disable-next-line no-underscore-dangle -- the name that zod gives it
  return register(z._default(z.boolean(), false), info);
}

/** A flag with one of a few words as its value. */
export function choice<const Word extends string>(words: readonly Word[], info: FlagInfo) {
  const schema = z.optional(z.enum(words, `must be one of ${words.join(", ")}`));
  return register(schema, { completes: words, ...info });
}

export function whole(info: FlagInfo, least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  const inRange = (value: string) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most;
  return register(z.optional(z.pipe(z.string().check(z.refine(inRange, message)), z.transform(Number))), info);
}

/** A number above zero, such as `10` or `0.5`. */
export function factor(info: FlagInfo) {
  const positive = (value: string) => /^\d{1,6}(\.\d{1,6})?$/.test(value) && Number(value) > 0;
  const schema = z.string().check(z.refine(positive, "must be a number above 0"));
  return register(z.optional(z.pipe(schema, z.transform(Number))), info);
}

/** A length of time above zero as Go writes it (`90s`, `1h30m`), in milliseconds. */
export function duration(info: FlagInfo) {
  const valid = (value: string) => (milliseconds(value) ?? 0) > 0;
  const schema = z.string().check(z.refine(valid, "must be a duration above zero, such as 90s, 10m or 1h30m"));
  return register(
    z.optional(
      z.pipe(
        schema,
        z.transform((value) => milliseconds(value) ?? 0),
      ),
    ),
    info,
  );
}

/** An instant as RFC 3339 writes it, in milliseconds since the epoch. */
export function instant(info: FlagInfo) {
  const form = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
  const valid = (value: string) => form.test(value) && !Number.isNaN(Date.parse(value));
  const schema = z.string().check(z.refine(valid, "must be a time such as 2006-01-02T15:04:05Z"));
  return register(
    z.optional(
      z.pipe(
        schema,
        z.transform((value) => Date.parse(value)),
      ),
    ),
    info,
  );
}

export function list(info: Omit<FlagInfo, "list">) {
  return register(z.optional(z.array(z.string().check(z.minLength(1, "has an empty value")))), { ...info, list: true });
}

/** `NAME=VALUE`, several between commas. */
export function pairs(info: Omit<FlagInfo, "repeated">) {
  const valid = (texts: string[]) => texts.every((each) => readPairs(each) !== undefined);
  const schema = z.array(z.string()).check(z.refine(valid, "must be pairs such as test=VALUE"));
  const read = z.transform((texts: string[]) => Object.assign({}, ...texts.map(readPairs)) as Record<string, string>);
  return register(z.optional(z.pipe(schema, read)), { ...info, repeated: true });
}

function register<Schema extends z.ZodMiniType>(schema: Schema, info: FlagInfo): Schema {
  flagInfo.add(schema, info);
  return schema;
}

const unitMilliseconds: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function milliseconds(written: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(written)) return undefined;
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitMilliseconds[unit ?? ""] ?? 0), 0);
}
