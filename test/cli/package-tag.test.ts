import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const facts = {
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
};

const built = "image: { build: { dockerfile: web/Dockerfile, context: web }, port: 80 }\n";

/** The image among the parameters of a packaged workload `it`, and what is said. */
async function packaged(manifest: string, args: string[] = [], more: object = {}, files: Record<string, string> = {}) {
  const cwd = await demoWorkspace({
    "facts.json": JSON.stringify({ ...facts, ...more }),
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    "copilot/it/manifest.yml": `name: it\n${manifest}`,
    ...files,
  });
  const group = manifest.includes("Scheduled Job") ? "job" : "svc";
  const command = [group, "package", "-n", "it", "-e", "test", "--facts", "facts.json", "--output-dir", "out"];
  const said = await run([...command, ...args], new FakeHost({ cwd }));
  const text = await readFile(join(cwd, "out/it-test.params.json"), "utf8").catch(() => undefined);
  const parameters = text === undefined ? {} : (JSON.parse(text) as { Parameters: Record<string, string> }).Parameters;
  return { image: parameters["ContainerImage"], said, parameters };
}

const dockerfile = { "web/Dockerfile": "FROM scratch\n" };
const types = {
  "Load Balanced Web Service": "http: { path: / }\n",
  "Backend Service": "",
  "Worker Service": "",
  "Scheduled Job": "on: { schedule: '@daily' }\n",
  "Request-Driven Web Service": "",
};
const withoutPort = new Set(["Worker Service", "Scheduled Job"]);
const imageOf = (type: string) => (withoutPort.has(type) ? built.replace(", port: 80", "") : built);

test.for(Object.entries(types))("the image of a %s that is built has the tag", async ([type, rest]) => {
  const manifest = `type: ${type}\n${imageOf(type)}${rest}`;
  expect((await packaged(manifest, ["--tag", "v1"], {}, dockerfile)).image).toBe(
    "123456789012.dkr.ecr.eu-west-1.amazonaws.com/demo/it:v1",
  );
  // Without one nobody knows which image it will be.
  expect((await packaged(manifest, [], {}, dockerfile)).image).toBe("");
});

test("the repository is in the application's account", async () => {
  const more = { applicationAccount: "999999999999", partition: "aws-cn", region: "cn-north-1" };
  const { image } = await packaged(`type: Backend Service\n${built}`, ["--tag", "v1"], more, dockerfile);
  expect(image).toBe("999999999999.dkr.ecr.cn-north-1.amazonaws.com.cn/demo/it:v1");
});

test("the tag counts before the image that the running stack has", async () => {
  const more = { workloadParameters: { ContainerImage: "old" } };
  const { image } = await packaged(`type: Backend Service\n${built}`, ["--tag", "v1"], more, dockerfile);
  expect(image).toMatch(/:v1$/);
});

test("where no image is built, a tag has no effect, and that is said", async () => {
  const finished = await packaged("type: Backend Service\nimage: { location: x/y:1 }\n", ["--tag", "v1"]);
  expect(finished.image).toBe("x/y:1");
  expect(finished.said).toMatchInlineSnapshot(`
    "stderr:
    copilot/it/manifest.yml:3:20  warning  --tag has no effect: no image is built for this workload  (image/tag)
    wrote out/it-test.stack.yml
    wrote out/it-test.params.json
    exit code 0"
  `);
  const site = await packaged("type: Static Site\nfiles: [{ source: site }]\n", ["--tag", "v1"], {}, { "site/": "" });
  expect(site.said).toMatchInlineSnapshot(`
    "stderr:
    copilot/it/manifest.yml:2:7  warning  --tag has no effect: no image is built for this workload  (image/tag)
    wrote out/it-test.stack.yml
    wrote out/it-test.params.json
    exit code 0"
  `);
});

test("what no image can be tagged with is refused", async () => {
  const { said } = await packaged(`type: Backend Service\n${built}`, ["--tag", "a b"], {}, dockerfile);
  expect(said).toMatchInlineSnapshot(`
    "stderr:
    error  --tag: "a b" cannot be an image's tag  (usage/invalid-flag)
           use up to 128 letters, digits, dots, dashes and underscores, beginning with none of \`.\` and \`-\`
    exit code 2"
  `);
});

test.for<[type: string, manifest: string]>([
  ...Object.entries(types).map(([type, rest]): [string, string] => [
    type,
    `${imageOf(type)}${rest}${
      type === "Request-Driven Web Service"
        ? ""
        : "env_file: web/it.env\nsidecars: { side: { image: { build: side/Dockerfile }, env_file: side/side.env } }\n"
    }`,
  ]),
  ["Static Site", "files: [{ source: dist, recursive: true }]\n"],
])("a %s is packaged without the files that it names; what is missing is a warning", async ([type, manifest]) => {
  const { said } = await packaged(`type: ${type}\n${manifest}`);
  expect(said).toMatchSnapshot();
});
