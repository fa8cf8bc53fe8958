import { shellWord, UserError } from "../errors.ts";
import { isServicePlan, type TasksPlan } from "../plan/plan-tasks.ts";
import type { NeededSecret } from "../plan/needs.ts";
import type { Check, CheckGroup, WorkloadToVerify } from "../providers/account/verify.ts";
import type { LocalProvider, ValueDescription } from "../providers/provider.ts";

/** The same for a simulated environment, as far as it makes sense there. */
export async function* verifyLocally(
  { needs, plan, platformsOf }: WorkloadToVerify & { plan?: TasksPlan | undefined },
  provider: LocalProvider,
): AsyncGenerator<CheckGroup, void, void> {
  const simulator = await checked("simulator", async () => {
    const { label, runtime } = await provider.target();
    return { status: "ok", subject: label, ...(runtime !== undefined && { message: runtime }) };
  });
  yield { name: "simulator", checks: [simulator] };
  if (simulator.status === "fail") return;

  const images = needs.images.map(async ({ container, image, platform }): Promise<Check> => {
    const subject = `${container} ${image}`;
    const answer = await platformsOf(image);
    if ("platforms" in answer)
      return { status: "ok", subject, message: answer.platforms.join(", ") || `runs on ${platform}` };
    const why = "missing" in answer ? answer.missing : answer.unknown;
    return { status: "skip", subject, message: `${why}; the Engine may have it` };
  });
  const builds = needs.builds.map((container): Check => ({
    status: "skip",
    subject: container,
    message: "its image is built with the deploy",
  }));
  const all = [...builds, ...(await Promise.all(images))];
  if (all.length > 0) yield { name: "images", checks: all };

  const values = await checkValues(needs.secrets, provider);
  const exports = plan !== undefined && isServicePlan(plan) ? await checkExports(plan, provider) : [];
  if (values.length + exports.length > 0) yield { name: "secrets", checks: [...values, ...exports] };
}

async function checkValues(secrets: readonly NeededSecret[], provider: LocalProvider): Promise<Check[]> {
  if (secrets.length === 0) return [];
  const known = await provider.listValues();
  return secrets.flatMap(({ container, name, from }): Check[] => {
    const value = valueOf(from);
    if (value === undefined) return [];
    const subject = `${container} ${name} from ${value.name}`;
    if (known.some((each) => isThere(each, value))) return [{ status: "ok", subject }];
    const message = `there is no ${value.kind} ${value.name}`;
    return [{ status: "fail", subject, message, hint: `pilotfish local put ${value.kind} ${shellWord(value.name)}` }];
  });
}

interface Value {
  kind: "parameter" | "secret";
  name: string;
}

/** Undefined for an export, which the back end looks for itself. */
function valueOf(from: NeededSecret["from"]): Value | undefined {
  const text = typeof from === "string" ? from : "join" in from ? lastText(from.join) : undefined;
  if (text === undefined) return undefined;
  const secret = /:secret:([^:]+)/.exec(text)?.[1];
  if (secret !== undefined) return { kind: "secret", name: secret };
  return { kind: "parameter", name: /:parameter(\/.+)$/.exec(text)?.[1] ?? text };
}

function lastText(parts: readonly unknown[]): string | undefined {
  const last = parts.at(-1);
  return typeof last === "string" ? last : undefined;
}

/** An ARN of Secrets Manager ends in six characters that the name does not have. */
function isThere({ kind, name }: ValueDescription, wanted: Value): boolean {
  if (kind !== wanted.kind) return false;
  const names = [wanted.name, wanted.name.replace(/^\//, ""), wanted.name.replace(/-[A-Za-z0-9]{6}$/, "")];
  return names.includes(name);
}

async function checkExports(
  plan: Parameters<LocalProvider["checkDeploy"]>[0],
  provider: LocalProvider,
): Promise<Check[]> {
  try {
    await provider.checkDeploy(plan);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, details, hint } = error;
    return [message, ...details].map((text, index) => ({
      status: "fail",
      subject: "exports",
      message: text,
      ...(index === 0 && hint !== undefined && { hint }),
    }));
  }
}

async function checked(subject: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "interrupted") throw error;
    const { message, hint } = error;
    return { status: "fail", subject, message, ...(hint !== undefined && { hint }) };
  }
}
