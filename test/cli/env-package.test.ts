import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { demoWorkspace } from "./workspaces.ts";

const facts = JSON.stringify({
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
});
const environment = (name: string, more = "") => ({
  [`copilot/environments/${name}/manifest.yml`]: `name: ${name}\ntype: Environment\n${more}`,
});

test("env package writes the template and its parameters under Copilot's names", async () => {
  const cwd = await demoWorkspace({ "facts.json": facts, ...environment("test", "observabilty: {}\n") });
  const args = ["env", "package", "-n", "test", "--facts", "facts.json", "--output-dir", "infrastructure"];
  expect(await run(args, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/environments/test/manifest.yml:3:1  warning  unknown key \`observabilty\`; it has no effect  (schema/unknown-key)
                                                         did you mean \`observability\`?
    wrote infrastructure/test.env.yml
    wrote infrastructure/test.env.params.json
    exit code 0"
  `);
  expect(await readFile(join(cwd, "infrastructure/test.env.params.json"), "utf8")).toMatchInlineSnapshot(`
    "{
      "Parameters": {
        "ALBWorkloads": "api",
        "Aliases": "",
        "AppDNSDelegationRole": "",
        "AppDNSName": "",
        "AppName": "demo",
        "AppRunnerPrivateWorkloads": "",
        "CreateHTTPSListener": "false",
        "CreateInternalHTTPSListener": "false",
        "EFSWorkloads": "",
        "EnvironmentName": "test",
        "HTTPSCertificateARN": "",
        "InternalALBWorkloads": "",
        "NATWorkloads": "",
        "ServiceDiscoveryEndpoint": "test.demo.local",
        "ToolsAccountPrincipalARN": "arn:aws:iam::123456789012:root"
      },
      "Tags": {
        "copilot-application": "demo",
        "copilot-environment": "test"
      }
    }
    "
  `);
  const template = await readFile(join(cwd, "infrastructure/test.env.yml"), "utf8");
  expect(template.split("\n").slice(0, 8).join("\n")).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: CloudFormation environment template for infrastructure shared among Copilot workloads.
    Metadata:
      Version: v1.34.1
      Manifest: |
        name: test
        type: Environment
        observabilty: {}"
  `);
});

test("the only environment needs no name, and the template goes to stdout", async () => {
  const cwd = await demoWorkspace({ "facts.json": facts, ...environment("test") });
  const said = await run(["env", "package", "--facts", "facts.json"], new FakeHost({ cwd }));
  expect(said).toContain("PublicHTTPLoadBalancerSecurityGroup:");
  expect(said).toMatch(/exit code 0$/);
});

test.for<[what: string, args: string[]]>([
  ["which one", ["--facts", "facts.json"]],
  ["no facts", ["-n", "test"]],
  ["no such environment", ["-n", "tset", "--facts", "facts.json"]],
  ["errors in its manifest", ["-n", "prod", "--facts", "facts.json"]],
  ["another application", ["-n", "prod", "--facts", "facts.json", "--app", "shop"]],
])("%s: env package says what is missing", async ([, args]) => {
  const cwd = await demoWorkspace({ "facts.json": facts, ...environment("test"), ...environment("prod", "cdn: x\n") });
  expect(await run(["env", "package", ...args], new FakeHost({ cwd }))).toMatchSnapshot();
});

test("a service is packaged for the certificates of its environment, or told what does not go with them", async () => {
  const certificates = 'http: { public: { certificates: ["arn:aws:acm:eu-west-1:123456789012:certificate/1"] } }\n';
  const cwd = await demoWorkspace({ "facts.json": facts, ...environment("test", certificates) });
  const args = ["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json"];
  const said = await run([...args, "--output-dir", "infrastructure"], new FakeHost({ cwd }));
  expect(said).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml:6:1  warning  test imports certificates, so each rule needs an \`alias\` that they are for  (environment/alias)
                                           add \`alias:\` with a name that a certificate covers
    wrote infrastructure/api-test.stack.yml
    wrote infrastructure/api-test.params.json
    exit code 0"
  `);
  const template = await readFile(join(cwd, "infrastructure/api-test.stack.yml"), "utf8");
  expect(template).toContain("HTTPSListenerRule:");
});
