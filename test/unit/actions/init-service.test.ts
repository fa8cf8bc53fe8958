import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { initService, type ServiceToInit } from "../../../src/actions/init-service.ts";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { validateWorkspace } from "../../../src/actions/validate-workspace.ts";
import { loadWorkloadManifest, type ServiceManifest } from "../../../src/manifest/load.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";
import { folderWith } from "../../support/files.ts";
import { complaints, schemaNameOf, schemaText } from "../../support/json-schemas.ts";
import { refusal } from "../../support/refusal.ts";

const root = packageRoot(import.meta.url);
const web: ServiceToInit = { name: "web", type: "Load Balanced Web Service", dockerfile: "./Dockerfile", port: 8080 };
const worker: ServiceToInit = { name: "worker", type: "Backend Service", image: "example/worker:1" };

async function project(files: Record<string, string> = {}) {
  const folder = await folderWith({
    "copilot/.workspace": "application: shop\n",
    Dockerfile: "FROM scratch\n",
    ...files,
  });
  const workspace = await findWorkspace(folder);
  const init = (service: ServiceToInit) => initService(service, { workspace, packageRoot: root });
  const manifest = (name: string) => readFile(join(folder, "copilot", name, "manifest.yml"), "utf8");
  return { folder, workspace, init, manifest };
}

describe("what is written", () => {
  test("a web service with a Dockerfile", async () => {
    const { init, manifest } = await project();
    expect(await init(web)).toEqual([
      { file: "copilot/web/manifest.yml", creation: "created" },
      { file: "copilot/.schema/load-balanced-web-service.json", creation: "created" },
    ]);
    expect(await manifest("web")).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=../.schema/load-balanced-web-service.json
      # web: a service behind the load balancer of each environment.
      # Check this file with \`pilotfish validate\`; see what ECS is told with \`pilotfish svc taskdef -n web -e local\`.

      # The folder of this file has the same name. Task definitions, log groups and images are named after it.
      name: web
      type: Load Balanced Web Service

      image:
        build: Dockerfile
        # The port that the program in the container listens on, on all addresses (0.0.0.0).
        port: 8080

      http:
        # Requests to this path and to everything below it come here; \`/\` takes whatever no other service takes.
        path: /
        # What the load balancer asks for to see whether a task is well: a path that answers with status 200.
        # healthcheck: /

      # The size of a task: CPU units (1024 are one virtual CPU) and memory in MiB.
      cpu: 256
      memory: 512

      # How many tasks run at the same time.
      count: 1

      # What the program finds in its environment.
      # variables:
      #   LOG_LEVEL: info

      # What is different in an environment: its keys replace those above.
      # environments:
      #   prod:
      #     count: 2
      "
    `);
  });

  test("a backend service with a finished image and no port", async () => {
    const { init, manifest } = await project();
    await init(worker);
    expect(await manifest("worker")).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=../.schema/backend-service.json
      # worker: a service that other services of the application reach, and nobody else.
      # Check this file with \`pilotfish validate\`; see what ECS is told with \`pilotfish svc taskdef -n worker -e local\`.

      # The folder of this file has the same name. Task definitions, log groups and images are named after it.
      name: worker
      type: Backend Service

      image:
        location: example/worker:1
        # The port that the program in the container listens on, on all addresses (0.0.0.0).
        # port: 8080

      # The size of a task: CPU units (1024 are one virtual CPU) and memory in MiB.
      cpu: 256
      memory: 512

      # How many tasks run at the same time.
      count: 1

      # What the program finds in its environment.
      # variables:
      #   LOG_LEVEL: info

      # What is different in an environment: its keys replace those above.
      # environments:
      #   prod:
      #     count: 2
      "
    `);
  });

  test.each<[string, ServiceToInit]>([
    ["a web service that is built", web],
    ["a web service with an image", { name: "ui", type: "Load Balanced Web Service", image: "nginx", port: 80 }],
    ["a backend service that is built", { name: "api", type: "Backend Service", dockerfile: "Dockerfile", port: 81 }],
    ["a backend service without a port", worker],
    ["an image that YAML would not take for text", { name: "odd", type: "Backend Service", image: "1.10" }],
  ])("%s is a manifest without a single warning", async (_, service) => {
    const { init, workspace } = await project();
    await init(service);
    const source = await workspace.readWorkload(service.name);
    const { manifest, diagnostics } = loadWorkloadManifest(source, { app: "shop", env: "test", variables: {} });
    expect(diagnostics).toEqual([]);
    expect((manifest as ServiceManifest | undefined)?.image).toEqual({
      ...(service.image ? { location: service.image } : { build: "Dockerfile" }),
      ...(service.port && { port: service.port }),
    });
  });

  test("the first web service takes every path, the next ones take their names", async () => {
    const { init, manifest } = await project();
    await init(worker);
    await init(web);
    await init({ ...web, name: "admin" });
    expect(await manifest("web")).toContain("\n  path: /\n");
    expect(await manifest("admin")).toContain("\n  path: /admin\n");
  });
});

describe("the JSON Schema for editors", () => {
  test.each([web, worker])(
    "stands where the first line of the manifest says, and takes the manifest",
    async (service) => {
      const { init, folder } = await project();
      await init(service);
      const path = join(folder, "copilot", service.name, "manifest.yml");
      const text = await readFile(path, "utf8");
      const [, reference = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const schema = await readFile(join(dirname(path), reference), "utf8");
      expect(schema).toBe(schemaText(schemaNameOf(service)));
      expect(complaints(parse(text), schemaNameOf(service))).toEqual([]);
    },
  );

  test("is renewed where an older version has written another", async () => {
    const { init, folder } = await project({ "copilot/.schema/backend-service.json": "{}\n" });
    expect(await init(worker)).toEqual([
      { file: "copilot/worker/manifest.yml", creation: "created" },
      { file: "copilot/.schema/backend-service.json", creation: "renewed" },
    ]);
    expect(await readdir(join(folder, "copilot/.schema"))).toEqual(["backend-service.json"]);
  });

  test("is no workload, and moves no problem to another line", async () => {
    const { init, workspace, manifest, folder } = await project();
    await init(worker);
    expect(await workspace.listWorkloads()).toEqual(["worker"]);
    const text = (await manifest("worker")).replace("cpu: 256", "cpu: many");
    await writeFile(join(folder, "copilot/worker/manifest.yml"), text);
    const { diagnostics } = await validateWorkspace({ workspace, variables: {}, strict: false });
    const line = text.split("\n").indexOf("cpu: many") + 1;
    expect(diagnostics.map(({ code, ...place }) => [code, place.line, place.column])).toEqual([
      ["schema/type", line, 6],
    ]);
  });
});

describe("doing it again", () => {
  test("the same service is there already, also when others have come since", async () => {
    const { init } = await project();
    const creations = async (service: ServiceToInit) => (await init(service)).map(({ creation }) => creation);
    await init(web);
    expect(await creations(web)).toEqual(["unchanged", "unchanged"]);
    await init({ ...web, name: "admin" });
    expect(await creations(web)).toEqual(["unchanged", "unchanged"]);
    expect(await creations({ ...web, name: "admin" })).toEqual(["unchanged", "unchanged"]);
  });

  test("a manifest that says something else is left as it is", async () => {
    const { init, manifest } = await project({ "copilot/web/manifest.yml": "name: web\n" });
    expect(await refusal(init(web))).toMatchInlineSnapshot(`
      "workspace/workload-exists: copilot/web/manifest.yml  this manifest exists and says something else; it was left as it is
        change the file, or choose another name than web"
    `);
    expect(await manifest("web")).toBe("name: web\n");
  });
});

test("what cannot be made into a service is refused, and nothing is written", async () => {
  const { init, workspace } = await project();
  const answers: string[] = [];
  for (const [what, service] of Object.entries<ServiceToInit>({
    "a bad name": { ...web, name: "My Web" },
    "a reserved name": { ...web, name: "environments" },
    "both sources": { ...web, image: "nginx" },
    "no source": { ...web, dockerfile: undefined },
    "an empty image": { ...worker, image: "" },
    "a Dockerfile that is not there": { ...web, dockerfile: "web/Dockerfile" },
    "no port": { ...web, port: undefined },
    "a port too large": { ...web, port: 70_000 },
    "a broken port": { ...web, port: Number.NaN },
  })) {
    answers.push(`${what}: ${await refusal(init(service))}`);
  }
  expect(answers.join("\n")).toMatchInlineSnapshot(`
    "a bad name: usage/invalid-flag: --name must begin with a lower-case letter: "My Web"
      for instance --name my-web
    a reserved name: usage/invalid-flag: --name is reserved: copilot/environments has a meaning of its own: "environments"
      for instance --name my-service
    both sources: usage/invalid-flag: --dockerfile and --image do not go together
      build an image, or take a finished one
    no source: usage/missing-input: either --dockerfile or --image is needed
    an empty image: usage/invalid-flag: --image must not be empty
    a Dockerfile that is not there: usage/invalid-flag: --dockerfile: there is no file web/Dockerfile
      its path starts at the workspace's root
    no port: usage/missing-input: --port is needed: the port that the program listens on
    a port too large: usage/invalid-flag: --port must be between 1 and 65535, not 70000
    a broken port: usage/invalid-flag: --port must be between 1 and 65535, not NaN"
  `);
  expect(await workspace.listWorkloads()).toEqual([]);
});
