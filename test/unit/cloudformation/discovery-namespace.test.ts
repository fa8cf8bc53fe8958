import { expect, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageWorkload } from "../../../src/actions/package-workload.ts";
import { folderWith } from "../../support/files.ts";

const image = "image: { location: public.ecr.aws/a/b:1";
const manifests = {
  api: `type: Backend Service\n${image}, port: 80 }\nnetwork: { connect: true }`,
  worker: `type: Worker Service\n${image} }`,
  nightly: `type: Scheduled Job\n${image} }\non: { schedule: "@daily" }`,
  run: `type: Request-Driven Web Service\n${image}, port: 80 }\nnetwork: { vpc: { placement: private } }`,
};

/** Everything in the templates of all workloads that ends in `.local`. */
async function namespaces(environmentParameters?: Record<string, string>): Promise<Record<string, string[]>> {
  const files = Object.entries(manifests).map(([name, text]) => [
    `copilot/${name}/manifest.yml`,
    `name: ${name}\n${text}\n`,
  ]);
  const workspace = await openWorkspace(
    await folderWith({ "copilot/.workspace": "application: shop\n", ...Object.fromEntries(files) }),
  );
  const facts = {
    account: "111122223333",
    region: "eu-west-1",
    partition: "aws",
    artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1" },
    ...(environmentParameters && { environmentParameters }),
  };
  const found = Object.keys(manifests).map(async (name) => {
    const { stack } = await packageWorkload({ workspace, name, env: "test", facts, variables: {} });
    return [name, stack.text.match(/[\w.]+\.local\b/g) ?? []] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

test("services find each other where the environment's stack says", async () => {
  expect(await namespaces()).toMatchInlineSnapshot(`
    {
      "api": [
        "test.shop.local",
        "test.shop.local",
      ],
      "nightly": [
        "test.shop.local",
      ],
      "run": [
        "test.shop.local",
      ],
      "worker": [
        "test.shop.local",
      ],
    }
  `);
  const all = async (deployed: Record<string, string>) => new Set(Object.values(await namespaces(deployed)).flat());
  expect(await all({ EnvironmentName: "test", ServiceDiscoveryEndpoint: "test.shop.local" })).toEqual(
    new Set(["test.shop.local"]),
  );
  expect(await all({ ServiceDiscoveryEndpoint: "shop.local" })).toEqual(new Set(["shop.local"]));
  // A stack from before there was a parameter for it.
  const old = { AppName: "shop", EnvironmentName: "test" };
  expect(await all({ ...old, ALBWorkloads: "" })).toEqual(new Set(["shop.local"]));
  expect(await all({ ...old, IncludePublicLoadBalancer: "true" })).toEqual(new Set(["shop.local"]));
  // One of an environment that has not been deployed yet.
  expect(await all(old)).toEqual(new Set(["test.shop.local"]));
});
