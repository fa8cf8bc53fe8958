import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../../../src/actions/package-root.ts";
import type { JsonSchema } from "../../../../src/manifest/json-schema/json-schema.ts";
import { descriptions } from "../../../../src/manifest/json-schema/descriptions/manifests.ts";
import { manifestSchemas } from "../../../../src/manifest/json-schema/manifest-schemas.ts";
import { writeJson } from "../../../../src/manifest/json-schema/write-json.ts";
import { loadWorkloadManifest } from "../../../../src/manifest/load.ts";
import { environmentManifest } from "../../../../src/manifest/schema/environment-manifest.ts";
import { type KeyTree, keyTree } from "../../../../src/manifest/schema/key-tree.ts";
import { pipelineManifest } from "../../../../src/manifest/schema/pipeline-manifest.ts";
import { workloadSchemas } from "../../../../src/manifest/schema/workloads.ts";
import { type ManifestType, workloadTypes } from "../../../../src/manifest/workload-types.ts";
import { complaints, schemaNameOf, schemaNames, schemaText } from "../../../support/json-schemas.ts";
import { samples } from "../../../support/mutated-samples.ts";

/** Reference cases kept outside the repository: what the real Copilot takes and refuses. */
const cases = join(import.meta.dirname, "../../../../../shared/copilot-cases");
const isHere = existsSync(join(cases, "refusals.json"));
if (!isHere) process.stderr.write(`skipped: Copilot's reference cases are not at ${cases}\n`);

/** What both files say that a manifest may be judged by: that of its type, and the one that picks by `type`. */
function judged(manifest: unknown): string[] {
  const found = complaints(manifest);
  expect(complaints(manifest, "manifest").toSorted()).toEqual(found.toSorted());
  return found;
}

describe("the files", () => {
  test("are what the schemas say; `npm run schemas` writes them", () => {
    const made = Object.entries(manifestSchemas()).map(([name, schema]) => [name, `${writeJson(schema)}\n`]);
    const written = schemaNames().map((name) => [name, schemaText(name)]);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(made));
  });

  test("describe each field, and nothing else", () => {
    const trees: [ManifestType, KeyTree][] = [
      ...workloadTypes.map((type): [ManifestType, KeyTree] => [type, keyTree(workloadSchemas[type].checked)]),
      ["Environment", keyTree(environmentManifest())],
      ["Pipeline", keyTree(pipelineManifest())],
    ];
    const found = trees.map(([type, tree]) => {
      const overlays = type === "Environment" || type === "Pipeline" ? [] : ["environments", "environments.*"];
      const fields = new Set([...pathsOf(tree), ...overlays]);
      const described = new Set(Object.keys(descriptions[type]));
      const missing = [...fields].filter((path) => !described.has(path));
      return { type, missing, idle: [...described].filter((path) => !fields.has(path)) };
    });
    expect(found).toEqual(trees.map(([type]) => ({ type, missing: [], idle: [] })));
  });
});

test("every default and every example fits its own field", () => {
  const wrong = schemaNames()
    .filter((name) => name !== "manifest")
    .flatMap((name) => {
      const schema = JSON.parse(schemaText(name)) as JsonSchema;
      return offered(schema, "#").flatMap(({ at, values }) =>
        values.filter((value) => complaints(value, `${name}${at}`).length > 0).map((value) => ({ name, at, value })),
      );
    });
  expect(wrong).toEqual([]);
  expect(complaints("much", "backend-service#/properties/cpu")).toHaveLength(1);
});

/** What a schema offers inside, and where. */
function offered(schema: JsonSchema, at: string): { at: string; values: unknown[] }[] {
  const examples = (schema["examples"] as unknown[] | undefined) ?? [];
  const values = "default" in schema ? [...examples, schema["default"]] : examples;
  const parts: [string, JsonSchema][] = [
    ...Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>).map(
      ([key, part]): [string, JsonSchema] => [`${at}/properties/${key}`, part],
    ),
    ...["items", "additionalProperties"]
      .filter((keyword) => typeof schema[keyword] === "object")
      .map((keyword): [string, JsonSchema] => [`${at}/${keyword}`, schema[keyword] as JsonSchema]),
  ];
  return [...(values.length > 0 ? [{ at, values }] : []), ...parts.flatMap(([place, part]) => offered(part, place))];
}

function pathsOf(tree: KeyTree, before: readonly string[] = []): string[] {
  return Object.entries(tree).flatMap(([key, inside]) => {
    const path = [...before, key];
    return [path.join("."), ...pathsOf(inside, path)];
  });
}

describe("what they take", () => {
  test("the annotated samples", () => {
    expect(samples.map((sample) => judged(sample))).toEqual(samples.map(() => []));
  });

  test.each(["release", "network"])("the annotated pipeline %s", (name) => {
    const folder = join(packageRoot(import.meta.url), "manifests/pipeline/copilot/pipelines");
    const manifest = parse(readFileSync(join(folder, name, "manifest.yml"), "utf8"), { logLevel: "silent" }) as object;
    expect(judged(manifest)).toEqual([]);
    const broken = { ...manifest, version: 2, stages: [{ name: "test", require_approval: true }] };
    expect(judged(broken)).toMatchInlineSnapshot(`
      [
        "version: must be equal to one of the allowed values",
        "version: must be string",
        "version: must match a schema in anyOf",
        "stages.0: unknown key require_approval",
      ]
    `);
  });

  test.each(["backend-service", "load-balanced-web-service"])("what init writes from the template %s", (name) => {
    const template = readFileSync(join(packageRoot(import.meta.url), "templates", `${name}.yml`), "utf8");
    const values: Record<string, string> = { name: "api", image: "build: Dockerfile", port: "port: 80", path: "/" };
    const text = template.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? "");
    expect(judged(parse(text))).toEqual([]);
  });

  test("Copilot's forms of a field, variables and what YAML 1.1 reads in its own way", () => {
    expect(
      judged(
        parse(`
          name: api
          type: Load Balanced Web Service
          image:
            build: { context: ., args: { A: 1, B: true } }
            port: \${PORT}
            depends_on: { side: HEALTHY }
          http:
            path: \${COPILOT_SERVICE_NAME}
            healthcheck: /healthz
            stickiness: yes
            redirect_to_https: "off"
            alias: '["a.example.com", "b.example.com"]'
            allowed_source_ips: \${ALLOWED}
            deregistration_delay: 0
            version: gRPC
            additional_rules: [{ path: x, alias: [a.example.com, { name: b.example.com, hosted_zone: Z1 }] }]
          nlb: { port: 443/TLS, additional_listeners: [{ port: 53 }] }
          cpu: \${CPU}
          memory: 1_024
          count: { range: 1-10, cpu_percentage: 70, response_time: { value: 1m30s, cooldown: { in: 1.5h } } }
          platform: Linux/ARM64
          exec: { enable: on }
          entrypoint: docker-entrypoint.sh
          command: [serve, 8080]
          variables: { A: 1.10, B: { from_cfn: "\${STACK}-X" }, C: }
          secrets: { A: /a, B: { secretsmanager: "b:c::" }, C: { from_cfn: D } }
          env_file: \${ENVIRONMENT}/api.env
          sidecars: { side: { image: { location: nginx }, port: 9000/udp }, other: { image: nginx, port: 9001 } }
          storage: { volumes: { v: { path: /v, efs: { id: { from_cfn: X } } }, w: { path: /w, efs: true } } }
          logging: { retention: 30 }
          network:
            connect: true
            vpc:
              placement: { subnets: { from_tags: { a: b, c: [d, e] } } }
              security_groups: [sg-1, { from_cfn: X }]
          publish: { topics: [{ name: a, fifo: true }, { name: b, fifo: { content_based_deduplication: no } }] }
          deployment: { rolling: Recreate, rollback_alarms: [alarm] }
          observability:
          environments:
            test:
              http: false
              count: 1
              network: { vpc: { placement: private, security_groups: { groups: [sg-1] } } }
            prod:
        `),
      ),
    ).toEqual([]);
  });

  test("a base that lacks what its overlays give", () => {
    const base = { name: "api", type: "Load Balanced Web Service", image: { location: "nginx" }, http: {} };
    expect(judged(base)).toMatchInlineSnapshot(`
      [
        "image: must have required property 'port'",
        "http: must have required property 'path'",
      ]
    `);
    expect(judged({ ...base, environments: { test: { image: { port: 80 }, http: { path: "/" } } } })).toEqual([]);
  });
});

test("what is not known, misplaced or of the wrong kind is underlined where it stands", () => {
  const manifest = `
    name: api
    type: Backend Service
    https: true
    image: { location: nginx, platform: linux/arm64, port: http }
    http: { path: /, healthcheck: { intervall: 5s, interval: 5 } }
    cpu: "256"
    count: { range: { min: 1 }, spot: many }
    platform: { osfamily: linux, architecture: mips }
    sidecars: { side: { port: 80 }, other: }
    logging: { retention: 31 }
    exec: perhaps
    environments:
      image: { location: httpd }
      test: { cpus: 512, variables: [A] }
  `;
  expect(judged(parse(manifest))).toMatchInlineSnapshot(`
    [
      "(top): unknown key https",
      "cpu: must match pattern "^[-+]?(\\d+(_\\d+)+|0b[01]+)$|\\$\\{"",
      "platform.architecture: must be equal to one of the allowed values",
      "platform.architecture: must match pattern "^([aA][mM][dD]64|[xX]86_64|[aA][rR][mM]|[aA][rR][mM]64)$|\\$\\{"",
      "platform.architecture: must match a schema in anyOf",
      "logging.retention: must be equal to one of the allowed values",
      "logging.retention: must be string,null",
      "logging.retention: must match a schema in anyOf",
      "exec: must match pattern "^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$|\\$\\{"",
      "count.spot: must match pattern "^[-+]?(\\d+(_\\d+)+|0b[01]+)$|\\$\\{"",
      "image: unknown key platform",
      "image.port: must match pattern "^[-+]?(\\d+(_\\d+)+|0b[01]+)$|\\$\\{"",
      "http.healthcheck: unknown key intervall",
      "http.healthcheck.interval: must be string,null",
      "environments.image: unknown key location",
      "environments.test: unknown key cpus",
      "environments.test.variables: must be object,null",
    ]
  `);
});

test("a manifest of no type that there is has that underlined, and nothing else", () => {
  expect(complaints({ type: "Frontend Service", x: 1 }, "manifest")).toMatchInlineSnapshot(`
    [
      "type: must be equal to one of the allowed values",
    ]
  `);
  expect(complaints({ name: "x" }, "manifest")).toMatchInlineSnapshot(`
    [
      "(top): must have required property 'type'",
    ]
  `);
});

describe.skipIf(!isHere)("beside the real Copilot", () => {
  test("the manifests of all cases are taken, but for the keys that Copilot passes over", () => {
    const folders = [...readdirSync(cases), "../copilot-app"].map((name) => join(cases, name, "workspace"));
    const files = folders.filter(existsSync).flatMap((folder) => {
      const below = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
      return below.filter((file) => file.endsWith("manifest.yml")).map((file) => join(folder, file));
    });
    const found: Record<string, string[]> = {};
    let read = 0;
    for (const file of files) {
      const manifest: unknown = parse(readFileSync(file, "utf8"), { merge: true, logLevel: "silent" });
      read += 1;
      const complaintsOfFile = judged(manifest);
      if (complaintsOfFile.length > 0) found[file.slice(cases.length + 1)] = complaintsOfFile;
    }
    expect(read).toBeGreaterThan(60);
    expect(found).toMatchInlineSnapshot(`
      {
        "lbws-everything-front-prod/workspace/copilot/front/manifest.yml": [
          "publish.topics.1.fifo: unknown key throughput_limit",
          "publish.topics.1.fifo: unknown key deduplication_scope",
        ],
        "lbws-everything-front-test/workspace/copilot/front/manifest.yml": [
          "publish.topics.1.fifo: unknown key throughput_limit",
          "publish.topics.1.fifo: unknown key deduplication_scope",
        ],
      }
    `);
  });

  test("what is refused for its shape is refused here too, and what is taken without a word is taken", () => {
    const rows = JSON.parse(readFileSync(join(cases, "refusals.json"), "utf8")) as {
      type: string;
      change: string;
      manifest: string;
    }[];
    const shapes = new Set(["schema/type", "schema/missing", "schema/other-type", "schema/unknown-key"]);
    const wrong: string[] = [];
    let refused = 0;
    for (const { type, change, manifest } of rows) {
      if (!schemaNames().includes(schemaNameOf({ type }))) continue;
      const source = { file: "manifest.yml", text: manifest, folder: "x" };
      const { diagnostics } = loadWorkloadManifest(source, { app: "demo", env: "test", variables: {} });
      const found = complaints(parse(manifest), schemaNameOf({ type }));
      const isRefused = diagnostics.some(({ code }) => shapes.has(code));
      refused += isRefused ? 1 : 0;
      if (isRefused && found.length === 0) wrong.push(`taken: ${type}: ${change}`);
      if (diagnostics.length === 0 && found.length > 0) wrong.push(`refused: ${type}: ${change}: ${found.join(", ")}`);
    }
    expect(refused).toBeGreaterThan(20);
    expect(wrong).toMatchInlineSnapshot(`[]`);
  });
});
