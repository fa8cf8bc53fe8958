import * as z from "zod/mini";
import { UserError } from "../errors.ts";
import { chooseDeployed } from "./choose/workload.ts";
import { command } from "./command.ts";
import { confirmOrRefuse } from "./confirm.ts";
import { flags } from "./flags.ts";
import { clean } from "./render/clean.ts";
import { paint } from "./render/paint.ts";
import { targetText } from "./render/words.ts";
import { whileWaiting } from "./while-waiting.ts";

const verbs = {
  pause: {
    summary: "Pauses a service that runs on App Runner: it answers nothing until it is resumed.",
    waiting: "pausing",
    done: "is paused",
  },
  resume: { summary: "Resumes a paused service on App Runner.", waiting: "resuming", done: "runs again" },
};

/** `svc pause` and `svc resume`. Pausing asks, since nothing answers meanwhile. */
export function pauseCommand(verb: keyof typeof verbs) {
  const { summary, waiting, done } = verbs[verb];
  return command({
    name: `svc ${verb}`,
    summary,
    input: z.object({
      app: flags.app,
      name: flags.workload,
      env: flags.environment,
      ...(verb === "pause" && { yes: flags.yes }),
      json: flags.json,
    }),
    examples: [`pilotfish svc ${verb} -n api -e test`],
    async run({ json: _, ...input }, context) {
      const { yes = false, ...given } = input as { yes?: boolean; app?: string; name?: string; env?: string };
      const { on, ...workload } = await chooseDeployed(given, context);
      const { app, env, name } = workload;
      if (on === "local")
        throw new UserError("service/cannot-pause", `${env} is a simulated environment, and App Runner alone pauses`, {
          hint: `pilotfish svc ${verb} --app ${app} --name ${name} --env ENV    (one on AWS)`,
        });
      const wire = await context.wire();
      const target = await (await wire.provider("aws")).target(workload);
      context.say(paint(context.color.stderr).bold(clean(targetText(workload, target))));
      const { services } = await wire.account();
      if (verb === "pause" && !(await confirmOrRefuse(`Stop answering requests for ${name} in ${env}?`, yes, context)))
        return { text: "nothing was paused", json: { outcome: "unchanged" } };
      const stop = new AbortController();
      context.interrupts.take(() => stop.abort());
      const outcome = await whileWaiting(`${waiting} ${name}`, context, () => services[verb](workload, stop.signal));
      if (outcome === "goes-on")
        return {
          text: `App Runner goes on: pilotfish svc status -n ${name} -e ${env}`,
          json: { outcome },
          exitCode: 130,
        };
      const next = verb === "pause" ? `; go on with: pilotfish svc resume -n ${name} -e ${env}` : "";
      return {
        text: `${name} in ${env} ${done}${next}`,
        json: { outcome: outcome === "there" ? "unchanged" : "done" },
      };
    },
  });
}
