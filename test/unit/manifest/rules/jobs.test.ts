import { expect, test } from "vitest";
import { problems } from "../problems.ts";

function job(more: string): string {
  return problems(`name: api\ntype: Scheduled Job\nimage: { location: nginx }\n${more}`);
}

test("a schedule is all that a job has to say", () => {
  expect(job("on: { schedule: '@daily' }\n")).toBe("");
  expect(job("")).toMatchInlineSnapshot(`
    "1:1    error  \`on\` is missing  (schema/missing)
                  say when the job runs: \`on: { schedule: "@daily" }\`, or \`none\` for a job that is run by hand"
  `);
  expect(job("schedule: '@daily'\n")).toMatchInlineSnapshot(`
    "1:1    error  \`on\` is missing  (schema/missing)
                  say when the job runs: \`on: { schedule: "@daily" }\`, or \`none\` for a job that is run by hand
    4:1    warning  unknown key \`schedule\`; it has no effect  (schema/unknown-key)
                    \`schedule\` belongs under \`on\`"
  `);
  expect(job("on: '@daily'\n")).toMatchInlineSnapshot(`
    "4:5    error  \`on\` must be a map, not \`@daily\`  (schema/type)
                  say when the job runs: \`on: { schedule: "@daily" }\`, or \`none\` for a job that is run by hand"
  `);
});

test("a schedule that Copilot took for another one, or that EventBridge cannot say, is told at its place", () => {
  expect(job("on:\n  schedule: 0 9 */2 * *\n")).toMatchInlineSnapshot(`
    "5:13   warning  Copilot made \`cron(0 9 * * ? *)\` of this, which are other times than these  (job/schedule)
                    it is deployed as \`cron(0 9 */2 * ? *)\`; write that to have it said plainly"
  `);
  expect(job("on:\n  schedule: 0 9 1 * MON\n")).toMatchInlineSnapshot(`
    "5:13   error  \`on.schedule\` is no schedule: it names days of the month and days of the week, and EventBridge takes one of the two  (schema/value)
                  write \`*\` for one of them"
  `);
});

test("retries and time-outs are what a state machine takes", () => {
  const on = "on: { schedule: none }\n";
  expect(job(`${on}retries: 3\ntimeout: 1h30m\n`)).toBe("");
  expect(job(`${on}retries: -1\ntimeout: 1500ms\n`)).toMatchInlineSnapshot(`
    "5:10   error  \`retries\` must be between 0 and 99999999, not -1  (schema/value)
    6:10   error  \`timeout\` must be whole seconds, not \`1500ms\`  (schema/value)"
  `);
  expect(job(`${on}retries: some\ntimeout: 0.5s\n`)).toMatchInlineSnapshot(`
    "5:10   error  \`retries\` must be a whole number, not \`some\`  (schema/type)
    6:10   error  \`timeout\` must be between 1s and 99999999s, not \`0.5s\`  (schema/value)"
  `);
});

test("what Copilot takes and does nothing with is told", () => {
  expect(
    job(`on: { schedule: none }
count: 2
exec: true
network: { connect: true, vpc: { security_groups: { deny_default: true, groups: [sg-1] } } }
deployment: { rolling: recreate }
observability: { tracing: awsxray }
`),
  ).toMatchInlineSnapshot(`
    "5:8    warning  \`count\` has no effect: each run of a job is one task  (count/job)
                    leave it out
    6:1    warning  \`exec\` has no effect  (schema/no-effect)
                    no one can be in time for a task that ends by itself
    7:12   warning  \`network.connect\` has no effect  (schema/no-effect)
                    a job is called by nobody; the services of the environment are reached by their discovery names
    7:53   warning  \`network.vpc.security_groups.deny_default\` has no effect  (schema/no-effect)
                    the tasks of a job are always in the environment's security group
    8:1    warning  unknown key \`deployment\`; it has no effect  (schema/unknown-key)
                    only a Load Balanced Web Service, Backend Service or Worker Service has \`deployment\`
    9:1    warning  unknown key \`observability\`; it has no effect  (schema/unknown-key)
                    only a Load Balanced Web Service, Backend Service, Worker Service or Request-Driven Web Service has \`observability\`"
  `);
});

test("a job does not scale", () => {
  expect(job("on: { schedule: none }\ncount: { spot: 2 }\n")).toMatchInlineSnapshot(`
    "5:1    error  \`count\` must be a whole number, not a map  (schema/type)
                  a job runs one task at a time: leave \`count\` out"
  `);
});

test("an overlay turns a job off", () => {
  const text = "on: { schedule: '@daily' }\nenvironments: { test: { on: { schedule: none } }, prod: null }\n";
  const head = "name: api\ntype: Scheduled Job\nimage: { location: nginx }\n";
  expect(problems(head + text, { env: "test" })).toBe("");
  expect(problems(head + text, { env: "prod" })).toBe("");
});
