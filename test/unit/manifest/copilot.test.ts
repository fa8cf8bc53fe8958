import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type LoadContext, loadWorkloadManifest } from "../../../src/manifest/load.ts";
import { workloadTypes } from "../../../src/manifest/workload-types.ts";

/** Reference cases kept outside the repository: what the real Copilot takes and refuses. */
const cases = join(import.meta.dirname, "../../../../shared/copilot-cases");
const app = join(cases, "../copilot-app/workspace");
const isHere = existsSync(join(cases, "refusals.json"));
if (!isHere) process.stderr.write(`skipped: Copilot's reference cases are not at ${cases}\n`);

interface Row {
  type: string;
  change: string;
  manifest: string;
  copilot: "refuses" | "accepts";
  message?: string;
}

/** Where Copilot accepts what cannot work on AWS, or takes it for something else without a word, and we do not. */
const stricter: Record<string, string> = {
  "Load Balanced Web Service: http: {target_port: 70000}": "no such port: Copilot silently makes it 0",
  'Load Balanced Web Service: http: {allowed_source_ips: "10.0.0.0/8"}':
    "no list: Copilot silently drops it and lets everybody in",
  "Load Balanced Web Service: http: {deregistration_delay: 5}": "no unit: Copilot silently makes it 0s",
  "Load Balanced Web Service: http: {deregistration_delay: 5000s}": "a target group takes 3600s at most",
  "Load Balanced Web Service: http: {healthcheck: {interval: 400s}}": "a target group takes 300s at most",
  "Load Balanced Web Service: http: {healthcheck: {healthy_threshold: 1}}": "a target group takes 2 to 10",
  "Load Balanced Web Service: http: {healthcheck: {healthy_threshold: 11}}": "a target group takes 2 to 10",
  'Load Balanced Web Service: http: {healthcheck: {success_codes: "700"}}': "a target group takes 200 to 499",
  "Load Balanced Web Service: http: {healthcheck: {port: 99999}}": "no such port",
  "Load Balanced Web Service: http: {additional_rules: [{path: /}]}": "the second rule is never reached",
  "Load Balanced Web Service: cpu: 100": "Fargate has no such size",
  "Load Balanced Web Service: cpu: 256.5": "Copilot silently drops the fraction",
  "Load Balanced Web Service: cpu: -1": "Fargate has no such size",
  "Load Balanced Web Service: memory: 4096": "not offered with 256 CPU units",
  "Load Balanced Web Service: count: -1": "not a number of tasks",
  "Load Balanced Web Service: count: {range: 1-5, cpu_percentage: 0}": "target tracking takes no target of 0",
  "Load Balanced Web Service: count: {range: 1-5, requests: 0}": "target tracking takes no target of 0",
  "Load Balanced Web Service: count: {range: 1-5, cpu_percentage: {value: 50, cooldown: {in: 30}}}":
    "no unit: Copilot silently makes it 0s",
  "Load Balanced Web Service: platform: windows/amd64": "Fargate runs Windows from 1024 CPU units on",
  "Load Balanced Web Service: platform: {osfamily: windows_server_2019_core, architecture: x86_64}":
    "Fargate runs Windows from 1024 CPU units on",
  'Load Balanced Web Service: secrets: {A: ""}': "ECS takes no secret without a place",
  "Load Balanced Web Service: secrets: {A: /a}\nvariables: {A: b}": "ECS takes a name as one of the two",
  "Load Balanced Web Service: sidecars: {x: {image: y}}": "two containers with one name",
  'Load Balanced Web Service: sidecars: {"bad name": {image: y}}': "ECS takes no such name",
  "Load Balanced Web Service: sidecars: {side: {image: y, mount_points: [{source_volume: nope, path: /x}]}}":
    "ECS takes no mount point without its volume",
  "Load Balanced Web Service: image: {healthcheck: {command: [CMD-SHELL, x], interval: 1s}}": "ECS takes 5s to 300s",
  "Load Balanced Web Service: image: {healthcheck: {command: [], interval: 10s}}": "a health check needs a command",
  "Load Balanced Web Service: image: {healthcheck: {command: [CMD], retries: 20}}": "ECS takes 10 retries at most",
  "Load Balanced Web Service: image: {depends_on: {side: healthy}}\nsidecars: {side: {image: y}}":
    "without a health check it never becomes healthy",
  'Load Balanced Web Service: network: {connect: {alias: "bad alias"}}': "no name that DNS takes",
  "Load Balanced Web Service: nlb: {port: 0}": "no such port",
  "Load Balanced Web Service: nlb: {port: 80, additional_listeners: [{port: 80}]}": "a port has one listener",
  "Load Balanced Web Service: nlb: {port: 80, healthcheck: {interval: 5s}}":
    "the timeout is 10s, and a check must have ended before the next",
  "Load Balanced Web Service: environments: {test: {cpu: 1000}}": "Fargate has no such size",
  "Backend Service: http: {path: /}\nimage: {port: null}": "renders an empty container port",
  "Worker Service: subscribe: {queue: {retention: 400h}}": "SQS keeps messages for 14 days at most",
  "Worker Service: subscribe: {queue: {timeout: 13h}}": "SQS hides a message for 12 hours at most",
  "Worker Service: subscribe: {queue: {dead_letter: {tries: 0}}}": "SQS takes 1 to 1000 tries",
  "Worker Service: subscribe: {queue: {dead_letter: {tries: 2000}}}": "SQS takes 1 to 1000 tries",
  "Worker Service: subscribe: {queue: {fifo: {throughput_limit: perMessageGroupId}}}":
    "SQS takes this limit with the scope messageGroup only",
  "Request-Driven Web Service: memory: 600": "App Runner has no such size",
};

/** What Copilot refuses for what it learns from AWS when it deploys, and a manifest alone does not show. */
const refusedWhenDeployed: Record<string, string> = {
  "Load Balanced Web Service: http: {alias: [a.example.com, b.other.org]}":
    "which names an application may use depends on its domain",
  "Backend Service: http: {path: /, alias: a.internal, hosted_zone: Z1}":
    "an internal alias needs the environment's certificates",
  "Request-Driven Web Service: http: {alias: www.elsewhere.org}":
    "which names an application may use depends on its domain; a warning when the stack is packaged",
};

const differences: Record<string, string> = { ...stricter, ...refusedWhenDeployed };

/** Services of the cases that AWS would not take: Copilot counts a rule's values, but not its paths. */
const expectedErrors: Record<string, string[]> = {};

const supported = new RegExp(`^type: *(${workloadTypes.join("|")})`, "m");

function errorsOf(text: string, folder: string, context: LoadContext): string[] {
  const { diagnostics, manifest } = loadWorkloadManifest({ file: "manifest.yml", text, folder }, context);
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  expect(manifest === undefined).toBe(errors.length > 0);
  return errors;
}

describe.skipIf(!isHere)("beside the real Copilot", () => {
  const rows = isHere ? (JSON.parse(readFileSync(join(cases, "refusals.json"), "utf8")) as Row[]) : [];
  const judged = rows
    .filter(({ type }) => (workloadTypes as readonly string[]).includes(type))
    .map((row) => {
      const source = { file: "manifest.yml", text: row.manifest, folder: "x" };
      const { diagnostics } = loadWorkloadManifest(source, { app: "demo", env: "test", variables: {} });
      return { ...row, change: `${row.type}: ${row.change}`, diagnostics };
    });
  const hasErrors = (row: (typeof judged)[number]) => row.diagnostics.some(({ severity }) => severity === "error");

  test("what Copilot refuses is refused", () => {
    const refused = judged.filter(({ copilot }) => copilot === "refuses");
    expect(refused.length).toBeGreaterThan(60);
    const accepted = refused.filter((row) => !hasErrors(row)).map(({ change }) => change);
    expect(accepted).toEqual(Object.keys(refusedWhenDeployed));
  });

  test("what Copilot accepts is accepted, but for what AWS refuses", () => {
    const accepted = judged.filter(({ copilot }) => copilot === "accepts");
    expect(accepted.length).toBeGreaterThan(60);
    expect(accepted.filter(hasErrors).map(({ change }) => change)).toEqual(Object.keys(stricter));
  });

  test("each row, with what Copilot says and what we say", async () => {
    const told = judged.map((row) => [
      `## ${row.change.replaceAll("\n", "; ")}`,
      `Copilot ${row.copilot}${row.message ? `: ${row.message.replaceAll(/\s*\n\s*/g, " ")}` : ""}`,
      ...(row.diagnostics.length === 0 ? ["Pilotfish accepts"] : []),
      ...row.diagnostics.flatMap(({ line, column, severity, code, message, hint }) => [
        `${line}:${column} ${severity} (${code}) ${message}`,
        ...(hint === undefined ? [] : [`    ${hint}`]),
      ]),
      ...(differences[row.change] === undefined ? [] : [`why: ${differences[row.change]}`]),
    ]);
    const text = `# Each row of the reference, beside the real Copilot\n\n${told.map((lines) => lines.join("\n")).join("\n\n")}\n`;
    await expect(text).toMatchFileSnapshot("copilot-refusals.md");
  });

  test("the services of the reference cases load", () => {
    const { cases: listed } = JSON.parse(readFileSync(join(cases, "cases.json"), "utf8")) as {
      cases: {
        id: string;
        app: string;
        env: string;
        name: string;
        variables: Record<string, string>;
        workspace: string;
      }[];
    };
    const found: Record<string, string[]> = {};
    let read = 0;
    for (const { id, workspace, name, ...context } of listed) {
      const path = join(cases, workspace, "copilot", name, "manifest.yml");
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      if (!supported.test(text)) continue;
      read += 1;
      const errors = errorsOf(text, name, context);
      if (errors.length > 0) found[id] = errors;
    }
    expect(read).toBeGreaterThan(10);
    expect(found).toEqual(expectedErrors);
  });

  test.for(["api", "front", "orders", "report"])(
    "the workload %s of an application that Copilot deployed loads",
    (name) => {
      const text = readFileSync(join(app, "copilot", name, "manifest.yml"), "utf8");
      for (const env of ["test", "prod"]) expect(errorsOf(text, name, { app: "shop", env, variables: {} })).toEqual([]);
    },
  );
});
