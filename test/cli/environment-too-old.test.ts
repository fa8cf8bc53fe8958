import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const manifest = `name: files
type: Load Balanced Web Service
image: { location: files:1, port: 80 }
http: { path: /, alias: files.example.com }
storage: { volumes: { shared: { efs: true, path: /data } } }
network: { vpc: { placement: private } }
`;

const facts = (environmentParameters: Record<string, string>) =>
  JSON.stringify({
    account: "123456789012",
    region: "eu-west-1",
    domain: "example.com",
    artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
    environmentParameters,
  });

test("what an environment's stack is too old for is told with its place", async () => {
  const packaged = async (parameters: Record<string, string>) => {
    const cwd = await demoWorkspace({ "copilot/files/manifest.yml": manifest, "facts.json": facts(parameters) });
    const args = ["svc", "package", "-n", "files", "-e", "test", "--facts", "facts.json", "--output-dir", "out"];
    return (await run(args, new FakeHost({ cwd }))).replace(/\nwrote .*/g, "");
  };
  const old = { AppName: "demo", EnvironmentName: "test", ALBWorkloads: "" };
  expect(await packaged(old)).toMatchInlineSnapshot(`
    "stderr:
    copilot/files/manifest.yml:5:12  warning  the environment test was deployed from a template before v1.3.0, which cannot give this (it has no EFSWorkloads)  (environment/too-old)
                                              pilotfish env deploy --name test
    copilot/files/manifest.yml:6:30  warning  the environment test was deployed from a template before v1.3.0, which cannot give this (it has no NATWorkloads)  (environment/too-old)
                                              pilotfish env deploy --name test
    copilot/files/manifest.yml:4:25  warning  the environment test was deployed from a template before v1.4.0, which cannot give this (it has no Aliases)  (environment/too-old)
                                              pilotfish env deploy --name test
    exit code 0"
  `);
  const current = { ...old, EFSWorkloads: "", NATWorkloads: "", Aliases: "" };
  expect(await packaged(current)).toMatchInlineSnapshot(`
    "stderr:
    exit code 0"
  `);
});
