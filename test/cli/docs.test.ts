import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentedTypes } from "../../src/actions/read-docs.ts";
import { packageRoot } from "../../src/actions/package-root.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { folderWith } from "../support/files.ts";
import { schemaText } from "../support/json-schemas.ts";

const root = packageRoot(import.meta.url);
const docs = async (...argv: string[]) => run(["docs", ...argv], new FakeHost({ cwd: await folderWith({}) }));

test("without a type, docs lists the types", async () => {
  expect(await docs()).toMatchInlineSnapshot(`
    "stdout:
    Load Balanced Web Service   lbws  behind the load balancer of its environment
    Backend Service             bs    reached by other services only; it explains what all services have
    Worker Service              ws    works off messages that others publish
    Request-Driven Web Service  rdws  runs on AWS App Runner
    Static Site                 ss    files behind CloudFront
    Scheduled Job               sj    runs to its end, at set times
    Environment                 env   the network and the load balancers that services share
    Pipeline                    pipe  deploys all of it when the code changes

    see one of them: pilotfish docs backend
    exit code 0"
  `);
  expect(await docs("--json")).toMatchInlineSnapshot(`
    "stdout:
    {
      "types": [
        {
          "type": "Load Balanced Web Service",
          "short": "lbws",
          "about": "behind the load balancer of its environment"
        },
        {
          "type": "Backend Service",
          "short": "bs",
          "about": "reached by other services only; it explains what all services have"
        },
        {
          "type": "Worker Service",
          "short": "ws",
          "about": "works off messages that others publish"
        },
        {
          "type": "Request-Driven Web Service",
          "short": "rdws",
          "about": "runs on AWS App Runner"
        },
        {
          "type": "Static Site",
          "short": "ss",
          "about": "files behind CloudFront"
        },
        {
          "type": "Scheduled Job",
          "short": "sj",
          "about": "runs to its end, at set times"
        },
        {
          "type": "Environment",
          "short": "env",
          "about": "the network and the load balancers that services share"
        },
        {
          "type": "Pipeline",
          "short": "pipe",
          "about": "deploys all of it when the code changes"
        }
      ]
    }
    exit code 0"
  `);
});

test.each([
  ["lbws", "load-balanced-web-service/copilot/hello"],
  ["Load Balanced Web Service", "load-balanced-web-service/copilot/hello"],
  ["load-balanced", "load-balanced-web-service/copilot/hello"],
  ["backend", "backend-service/copilot/quotes"],
  ["Backend Service", "backend-service/copilot/quotes"],
  ["worker_service", "worker-service/copilot/labels"],
  ["request-driven", "request-driven-web-service/copilot/links"],
  ["site", "static-site/copilot/docs"],
  ["JOB", "scheduled-job/copilot/report"],
])("docs %s prints the annotated manifest", async (name, sample) => {
  const text = await readFile(join(root, "manifests", sample, "manifest.yml"), "utf8");
  expect(await docs(name)).toBe(`stdout:\n${text}exit code 0`);
});

test.each([
  ["env", ["environment/copilot/environments/test", "environment/copilot/environments/shared"]],
  ["pipeline", ["pipeline/copilot/pipelines/release", "pipeline/copilot/pipelines/network"]],
])("both samples of docs %s are printed, as two documents", async (name, samples) => {
  const texts = samples.map((sample) => readFile(join(root, "manifests", sample, "manifest.yml"), "utf8"));
  expect(await docs(name)).toBe(`stdout:\n${(await Promise.all(texts)).join("---\n")}exit code 0`);
});

test.each(documentedTypes)(
  "--schema prints the JSON Schema of $type, and --json says where things are",
  async ({ type }) => {
    const name = type.toLowerCase().replaceAll(" ", "-");
    expect(await docs(type, "--schema")).toBe(`stdout:\n${schemaText(name)}exit code 0`);
    const shown = await docs(type, "--json");
    const found = JSON.parse(shown.slice("stdout:\n".length, -"exit code 0".length)) as {
      type: string;
      manifests: { path: string; text: string }[];
      schema: string;
    };
    expect(found.type).toBe(type);
    expect(await readFile(found.schema, "utf8")).toBe(schemaText(name));
    for (const { path, text } of found.manifests) expect(await readFile(path, "utf8")).toBe(text);
  },
);

test.each([
  ["bakend", "backend"],
  ["enviroment", "environment"],
  ["service", ""],
  ["nothing", ""],
  ["nope", ""],
])("docs %s says what else to ask for", async (name, meant) => {
  expect(await docs(name)).toBe(
    `stderr:\nerror  there is no type of manifest called "${name}"  (usage/invalid-flag)\n` +
      `       pilotfish docs${meant && ` ${meant}`}\nexit code 2`,
  );
});
