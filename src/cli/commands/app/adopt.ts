import * as z from "zod/mini";
import { type Adoption, isToDo, type PlacedStack, refuseLosses, type StackToAdopt } from "../../../actions/adoption.ts";
import type { AdoptTools, StepResult } from "../../../actions/adopt-stack.ts";
import { planAdoption } from "../../../actions/plan-adoption.ts";
import { chooseApplication } from "../../choose/application.ts";
import { command, type Outcome } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import type { Context } from "../../context.ts";
import { flags, toggle } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";
import { lockTimeoutFlag, lockTools } from "../../lock-tools.ts";
import { renderAdoption, stepText } from "../../render/adoption.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const appAdopt = command({
  name: "app adopt",
  summary: "Takes over an application that Copilot made, stack by stack, with nothing lost.",
  input: z.object({
    name: flags.applicationName,
    env: flags.environment,
    dryRun: toggle({ name: "dry-run", description: "Only show what would be done." }),
    yes: flags.yes,
    lockTimeout: lockTimeoutFlag,
    json: flags.json,
  }),
  examples: ["pilotfish app adopt --dry-run", "pilotfish app adopt --env test", "pilotfish app adopt --yes"],
  async run({ name, env, dryRun, yes, lockTimeout, json: _ }, context) {
    const { app, workspace } = await chooseApplication(name, context);
    const { host, color, version } = context;
    const wire = await context.wire();
    const account = await wire.account();
    const provider = await wire.provider("aws");
    const target = await provider.target();
    const adoption = await planAdoption({ app, env }, { account, workspace, env: host.env, cwd: host.cwd });
    const places = [...new Set(adoption.stacks.flatMap((each) => each.env ?? []))].join(", ");
    context.say(paint(color.stderr).bold(clean(targetText({ app, env: places }, target))));
    const shown = { app, stacks: adoption.stacks.map(withoutPlace) };
    if (dryRun) {
      const text = renderAdoption(adoption, paint(color.stdout));
      if (!context.json) host.stdout.write(`${text}\n`);
      refuseLosses(adoption.stacks);
      return { json: shown };
    }
    context.emit({ type: "target", app, ...(env !== undefined && { env }), target });
    context.emit({ type: "adoption", ...shown });
    context.say(renderAdoption(adoption, paint(color.stderr)));
    refuseLosses(adoption.stacks);
    if (stepsOf(adoption).length === 0) return ended(adoption, { outcome: "unchanged", done: [] }, context);
    if (!(await confirmOrRefuse(`Take over the application ${app}?`, yes, context)))
      return { text: "nothing was changed" };
    const tools = {
      ...lockTools(account, lockTimeout, context),
      workspace,
      provider,
      dockerHost: async () => undefined,
      env: host.env,
      cwd: host.cwd,
      version,
    };
    return ended(adoption, await adopt(adoption, tools, context), context);
  },
});

interface Step {
  stack: PlacedStack;
  step: "detach" | "deploy";
}

interface AdoptionResult {
  outcome: "completed" | "unchanged" | "interrupted" | "failed";
  done: { stack: string; step: Step["step"]; outcome: StepResult["outcome"] }[];
  reason?: string;
}

/** All stacks are detached before the first one gets another template. */
function stepsOf({ stacks }: Adoption<PlacedStack>): Step[] {
  return [
    ...stacks.filter(({ state }) => state === "attached").map((stack) => ({ stack, step: "detach" as const })),
    ...stacks
      .filter((stack) => stack.to === "deploy" && (stack.state !== "none" || isToDo(stack)))
      .map((stack) => ({ stack, step: "deploy" as const })),
  ];
}

async function adopt(adoption: Adoption<PlacedStack>, tools: AdoptTools, context: Context): Promise<AdoptionResult> {
  const { deployForAdoption, detachForAdoption } = await import("../../../actions/adopt-stack.ts");
  const steps = stepsOf(adoption);
  const done: AdoptionResult["done"] = [];
  for (const [index, { stack, step }] of steps.entries()) {
    context.emit({ type: "adoption-step", stack: stack.stack, step, number: index + 1, of: steps.length });
    context.say(paint(context.color.stderr).bold(stepText(stack, step, index + 1, steps.length)));
    const act = step === "detach" ? detachForAdoption : deployForAdoption;
    const { result, interrupted } = await followStory(
      (signal) => act(adoption.app, stack, tools, signal),
      "what CloudFormation has begun goes on; run the command again for the rest",
      context,
    );
    done.push({ stack: stack.stack, step, outcome: result.outcome });
    if (interrupted) return { outcome: "interrupted", done };
    if (result.outcome === "failed")
      return { outcome: "failed", done, ...(result.reason !== undefined && { reason: result.reason }) };
  }
  return { outcome: "completed", done };
}

function ended({ app, stacks }: Adoption, result: AdoptionResult, context: Context): Outcome {
  const { outcome, done, reason } = result;
  const kept = stacks.filter(({ to }) => to === "detach");
  context.emit({
    type: "result",
    ...result,
    kept: kept.map(({ stack, reason: why, hint }) => ({ stack, reason: why, hint })),
  });
  const rest = kept.map(({ stack, reason: why = "", hint = "" }) =>
    clean(`${stack} keeps its template: ${why}; then: ${hint}`),
  );
  const last = clean(done.at(-1)?.stack ?? "");
  const text = {
    completed: `the application ${app} is adopted`,
    unchanged: `nothing is left to do: the application ${app} is adopted`,
    interrupted: `interrupted at ${last}: what CloudFormation has begun goes on; run the command again for the rest`,
    failed: `${last} failed${reason === undefined ? "" : `: ${clean(reason)}`}; run the command again when that is mended`,
  }[outcome];
  return {
    text: [
      ...rest,
      rest.length > 0 && outcome === "completed" ? `what is here of the application ${app} is adopted` : text,
    ].join("\n"),
    exitCode: { completed: 0, unchanged: 0, interrupted: 130, failed: 1 }[outcome],
  };
}

function withoutPlace({ where: _where, executionRoleArn: _role, ...stack }: PlacedStack): StackToAdopt {
  return stack;
}
