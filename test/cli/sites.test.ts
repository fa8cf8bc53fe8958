import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

/** Request-Driven Web Services and Static Sites: checked and packaged, and not deployed to the simulator. */

const site = `name: docs
type: Static Site
http:
  alias: docs.example.com
files:
  - source: public
    recursive: true
`;

const runner = `name: runner
type: Request-Driven Web Service
image:
  build: Dockerfile
  port: 8080
http:
  alias: run.example.com
  healthcheck: { interval: 10s }
network: { vpc: { placement: { subnets: [subnet-1, subnet-2] } } }
`;

const facts = (more: object = {}) =>
  JSON.stringify({
    account: "123456789012",
    region: "eu-west-1",
    artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
    ...more,
  });

const workspace = (files: Record<string, string> = {}) =>
  demoWorkspace({
    "copilot/docs/manifest.yml": site,
    "copilot/runner/manifest.yml": runner,
    "public/index.html": "<p>Hello",
    Dockerfile: "FROM scratch\n",
    "facts.json": facts({ domain: "example.com" }),
    ...files,
  });

const provider = () =>
  new FakeProvider({
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 } },
  });

async function packaged(name: string, files: Record<string, string> = {}): Promise<{ shown: string; params: string }> {
  const cwd = await workspace(files);
  const args = ["svc", "package", "-n", name, "-e", "test", "--facts", "facts.json", "--output-dir", "out"];
  const shown = await run(args, new FakeHost({ cwd }));
  const file = join(cwd, `out/${name}-test.params.json`);
  return { shown, params: await readFile(file, "utf8").catch(() => "none") };
}

test("svc package writes a site's stack, whose certificate is known or left open", async () => {
  const { shown, params } = await packaged("docs");
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/docs/manifest.yml:4:10  warning  the certificate for docs.example.com is not known, and CloudFront needs it  (environment/unknown-value)
                                             a deployment to AWS requests it; for a template alone, give its ARN in the facts: "siteCertificates": { "docs.example.com": "arn:aws:acm:us-east-1:…" }
    wrote out/docs-test.stack.yml
    wrote out/docs-test.params.json
    exit code 0"
  `);
  expect(params).toMatchInlineSnapshot(`
    "{
      "Parameters": {
        "AddonsTemplateURL": "",
        "AppName": "demo",
        "ArtifactKeyARN": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "EnvName": "test",
        "WorkloadName": "docs"
      },
      "Tags": {
        "copilot-application": "demo",
        "copilot-environment": "test",
        "copilot-service": "docs"
      }
    }
    "
  `);
  const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1";
  const known = facts({ domain: "example.com", siteCertificates: { "docs.example.com": certificate } });
  expect(JSON.parse((await packaged("docs", { "facts.json": known })).params).Parameters.AliasCertificateARN).toBe(
    certificate,
  );
});

test("svc package writes a Request-Driven Web Service's stack, whose image is not pushed yet", async () => {
  const { shown, params } = await packaged("runner");
  expect(shown).toMatchInlineSnapshot(`
    "stderr:
    wrote out/runner-test.stack.yml
    wrote out/runner-test.params.json
    exit code 0"
  `);
  expect(params).toMatchInlineSnapshot(`
    "{
      "Parameters": {
        "AddonsTemplateURL": "",
        "AppName": "demo",
        "ArtifactKeyARN": "arn:aws:kms:eu-west-1:123456789012:key/1",
        "ContainerImage": "",
        "ContainerPort": "8080",
        "EnvName": "test",
        "HealthCheckInterval": "10",
        "ImageRepositoryType": "ECR",
        "InstanceCPU": "1024",
        "InstanceMemory": "2048",
        "WorkloadName": "runner"
      },
      "Tags": {
        "copilot-application": "demo",
        "copilot-environment": "test",
        "copilot-service": "runner"
      }
    }
    "
  `);
});

test("svc package says which names an alias may be", async () => {
  const elsewhere = { "facts.json": facts({ domain: "elsewhere.org" }) };
  expect((await packaged("docs", elsewhere)).shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/docs/manifest.yml:4:10  warning  \`docs.example.com\` cannot be a name of this application, whose domain is \`elsewhere.org\`  (environment/alias)
                                             use \`test.demo.elsewhere.org\`, \`demo.elsewhere.org\` or \`elsewhere.org\`, or a name with one word before one of them
    copilot/docs/manifest.yml:4:10  warning  the certificate for docs.example.com is not known, and CloudFront needs it  (environment/unknown-value)
                                             a deployment to AWS requests it; for a template alone, give its ARN in the facts: "siteCertificates": { "docs.example.com": "arn:aws:acm:us-east-1:…" }
    wrote out/docs-test.stack.yml
    wrote out/docs-test.params.json
    exit code 0"
  `);
  expect((await packaged("runner", elsewhere)).shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/runner/manifest.yml:7:10  warning  \`run.example.com\` cannot be a name of a Request-Driven Web Service of this application  (environment/alias)
                                               use one word before the domain: \`www.elsewhere.org\`
    wrote out/runner-test.stack.yml
    wrote out/runner-test.params.json
    exit code 0"
  `);
  expect((await packaged("runner", { "facts.json": facts() })).shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/runner/manifest.yml:7:10  warning  \`http.alias\` needs a domain of the application, and it has none  (environment/alias)
                                               leave the alias out, or give the application a domain
    wrote out/runner-test.stack.yml
    wrote out/runner-test.params.json
    exit code 0"
  `);
});

test("svc taskdef says that there is no task definition", async () => {
  const cwd = await workspace();
  expect(await run(["svc", "taskdef", "-n", "docs", "-e", "test"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/docs/manifest.yml:2:7  error  docs is a Static Site, which has no task definition  (workload/no-task-definition)
                                          pilotfish svc package -n docs -e test --facts facts.json
    exit code 1"
  `);
  expect(await run(["svc", "taskdef", "-n", "runner", "-e", "test"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/runner/manifest.yml:2:7  error  runner is a Request-Driven Web Service, which has no task definition  (workload/no-task-definition)
                                            pilotfish svc package -n runner -e test --facts facts.json
    exit code 1"
  `);
});

test("svc deploy refuses them by name", async () => {
  const host = new FakeHost({ cwd: await workspace(), provider: provider() });
  expect(await run(["svc", "deploy", "-n", "docs", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    copilot/docs/manifest.yml  error  docs is a Static Site, and deploying one to this machine is not in this version of pilotfish  (workload/not-deployed-here)
                                      pilotfish svc package -n docs -e test --facts facts.json
    exit code 1"
  `);
});

test("deploy leaves them out, unless one is named or there is nothing else", async () => {
  const deploy = async (...more: string[]) => {
    const back = provider();
    const shown = await run(
      ["deploy", "-e", "local", ...more],
      new FakeHost({ cwd: await workspace(), provider: back }),
    );
    return { shown, deployed: back.deployed.map(({ plan }) => plan.name) };
  };
  const all = await deploy();
  expect(all.deployed).toEqual(["api"]);
  expect(all.shown).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    copilot/docs/manifest.yml  note: docs is left out: deploying a Static Site to this machine is not in this version
    copilot/runner/manifest.yml  note: runner is left out: deploying a Request-Driven Web Service to this machine is not in this version
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  const named = await deploy("-n", "api,runner");
  expect(named.deployed).toEqual([]);
  expect(named.shown).toMatchInlineSnapshot(`
    "stderr:
    copilot/runner/manifest.yml  error  runner is a Request-Driven Web Service, and deploying one to this machine is not in this version of pilotfish  (workload/not-deployed-here)
                                        pilotfish svc package -n runner -e test --facts facts.json
    exit code 1"
  `);
});

test("validate checks their files, and says what the simulator leaves out", async () => {
  const cwd = await workspace({
    "copilot/docs/manifest.yml": `${site}  - source: nowhere\n`,
    "copilot/runner/manifest.yml": runner.replace("build: Dockerfile", "build: other/Dockerfile"),
  });
  expect(await run(["validate", "-e", "local"], new FakeHost({ cwd, provider: provider() }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/docs/manifest.yml:8:13  error  there is no file or folder \`nowhere\`  (files/missing)
                                           paths in a manifest start at the folder that holds \`copilot\`
    copilot/runner/manifest.yml:4:10  error  there is no Dockerfile \`other/Dockerfile\`  (files/missing)
                                             paths in a manifest start at the folder that holds \`copilot\`
    copilot/docs/manifest.yml:2:7  note: docs is left out: deploying a Static Site to this machine is not in this version
    copilot/runner/manifest.yml:2:7  note: runner is left out: deploying a Request-Driven Web Service to this machine is not in this version
    3 manifests: 2 errors
    exit code 1"
  `);
});
