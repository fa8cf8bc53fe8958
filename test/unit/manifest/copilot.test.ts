import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type LoadContext, loadWorkloadManifest } from "../../../src/manifest/load.ts";

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

/** Where Copilot accepts what cannot work on AWS, and we do not. */
const stricter: Record<string, string> = {
  "Load Balanced Web Service: http: {deregistration_delay: 5}": "no unit: Copilot silently makes it 0s",
  "Load Balanced Web Service: http: {deregistration_delay: 5000s}": "a target group takes 3600s at most",
  "Load Balanced Web Service: http: {healthcheck: {interval: 400s}}": "a target group takes 300s at most",
  "Load Balanced Web Service: http: {healthcheck: {healthy_threshold: 1}}": "a target group takes 2 to 10",
  "Load Balanced Web Service: http: {healthcheck: {healthy_threshold: 11}}": "a target group takes 2 to 10",
  'Load Balanced Web Service: http: {healthcheck: {success_codes: "700"}}': "a target group takes 200 to 499",
  "Load Balanced Web Service: http: {healthcheck: {port: 99999}}": "no such port",
  "Load Balanced Web Service: cpu: 100": "Fargate has no such size",
  "Load Balanced Web Service: cpu: 256.5": "Copilot silently drops the fraction",
  "Load Balanced Web Service: cpu: -1": "Fargate has no such size",
  "Load Balanced Web Service: memory: 4096": "not offered with 256 CPU units",
  "Load Balanced Web Service: count: -1": "not a number of tasks",
  "Load Balanced Web Service: environments: {test: {cpu: 1000}}": "Fargate has no such size",
  "Backend Service: http: {path: /}\nimage: {port: null}": "renders an empty container port",
};

/** The services of the cases, and the errors that fields of later versions bring. */
const expectedErrors: Record<string, string[]> = {
  "lbws-nlb-test": ["http/off"],
  "lbws-nlb-game-test": ["http/off"],
  // gRPC codes, while `http.version` is not read yet.
  "lbws-grpc-rpc-test": ["schema/value"],
};

const supported = /^type: *(Load Balanced Web Service|Backend Service)/m;

function errorsOf(text: string, folder: string, context: LoadContext): string[] {
  const { diagnostics, manifest } = loadWorkloadManifest({ file: "manifest.yml", text, folder }, context);
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);
  expect(manifest === undefined).toBe(errors.length > 0);
  return errors;
}

describe.skipIf(!isHere)("beside the real Copilot", () => {
  const rows = isHere ? (JSON.parse(readFileSync(join(cases, "refusals.json"), "utf8")) as Row[]) : [];
  const judged = rows
    .filter(({ type }) => type === "Load Balanced Web Service" || type === "Backend Service")
    .map((row) => {
      const source = { file: "manifest.yml", text: row.manifest, folder: "x" };
      const { diagnostics } = loadWorkloadManifest(source, { app: "demo", env: "test", variables: {} });
      return { ...row, change: `${row.type}: ${row.change}`, diagnostics };
    })
    // The other rows are about fields of later versions.
    .filter(({ diagnostics }) => diagnostics.every(({ code }) => code !== "schema/not-supported"));
  const hasErrors = (row: (typeof judged)[number]) => row.diagnostics.some(({ severity }) => severity === "error");

  test("what Copilot refuses is refused", () => {
    const refused = judged.filter(({ copilot }) => copilot === "refuses");
    expect(refused.length).toBeGreaterThan(15);
    expect(refused.filter((row) => !hasErrors(row)).map(({ change }) => change)).toEqual([]);
  });

  test("what Copilot accepts is accepted, but for what AWS refuses", () => {
    const accepted = judged.filter(({ copilot }) => copilot === "accepts");
    expect(accepted.length).toBeGreaterThan(20);
    expect(accepted.filter(hasErrors).map(({ change }) => change)).toEqual(Object.keys(stricter));
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

  test.for(["api", "front"])("the service %s of an application that Copilot deployed loads", (name) => {
    const text = readFileSync(join(app, "copilot", name, "manifest.yml"), "utf8");
    for (const env of ["test", "prod"]) expect(errorsOf(text, name, { app: "shop", env, variables: {} })).toEqual([]);
  });
});
