import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const known = {
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
};

const facts = JSON.stringify(known);
const api = ["svc", "package", "-n", "api", "-e", "test", "--facts", "facts.json"];

test("what has been packaged does not differ from itself, and then by what is changed in the manifest", async () => {
  const cwd = await demoWorkspace({ "facts.json": facts });
  await run([...api, "--output-dir", "before"], new FakeHost({ cwd }));
  const diff = () => run([...api, "--diff-against", "before/api-test.stack.yml"], new FakeHost({ cwd }));
  expect(await diff()).toMatchInlineSnapshot(`
    "stdout:
    demo-test-api  against before/api-test.stack.yml

    nothing changes
    exit code 0"
  `);
  await writeFile(
    join(cwd, "copilot/api/manifest.yml"),
    `${apiManifest.replace("8080", "9090")}cpu: 512\nmemory: 1024\n`,
  );
  expect(await diff()).toMatchInlineSnapshot(`
    "stdout:
    demo-test-api  against before/api-test.stack.yml
    -/+ TaskDefinition  AWS::ECS::TaskDefinition: replaced
        ~ Cpu: "256" → "512"  (makes a new resource)
        ~ Memory: "512" → "1024"  (makes a new resource)
        ~ ContainerDefinitions[api].PortMappings[target].ContainerPort: "8080" → "9090"  (makes a new resource)
    ~   Service  AWS::ECS::Service: changed
        ~ LoadBalancers[api].ContainerPort: "8080" → "9090"
        ~ ServiceRegistries[0].Port: "8080" → "9090"
        ~ TaskDefinition: !Ref TaskDefinition  (since TaskDefinition is replaced)
        ~ LoadBalancers[api].TargetGroupArn: !Ref TargetGroup  (since TargetGroup is replaced)
    -/+ TargetGroup  AWS::ElasticLoadBalancingV2::TargetGroup: replaced
        ~ Port: "8080" → "9090"  (makes a new resource)
    ~   HTTPListenerRule  AWS::ElasticLoadBalancingV2::ListenerRule: changed
        ~ Actions[0].TargetGroupArn: !Ref TargetGroup  (since TargetGroup is replaced)

    2 changed, 2 replaced
    exit code 1"
  `);
});

/** A deployed stack of another make, with things in it that hold data. */
const deployed = `
Parameters:
  Size: { Type: String }
Resources:
  LogGroup:
    Type: AWS::Logs::LogGroup
    Properties: { LogGroupName: /copilot/demo-test-api, RetentionInDays: 30 }
  Uploads:
    Type: AWS::S3::Bucket
  Jobs:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain
  EnvControllerAction:
    Type: Custom::EnvControllerFunction
    Properties: { ServiceToken: !GetAtt EnvControllerFunction.Arn }
  EnvControllerFunction:
    Type: AWS::Lambda::Function
    Properties: { MemorySize: !Ref Size }
  TargetGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { Name: "\u001b[31mred" }
Outputs:
  Bucket: { Value: !Ref Uploads, Export: { Name: !Sub "\${AWS::StackName}-Bucket" } }
`;

test("the deployed stack is what the facts tell of it: what goes, what is lost and what stays is said", async () => {
  const stack = {
    template: "deployed/api.yml",
    parameters: { Size: "512" },
    tags: { "copilot-application": "demo", "copilot-environment": "test", "copilot-service": "api", team: "blue" },
    resources: { Uploads: { id: "uploads-1abc" }, Jobs: { id: "https://sqs/jobs" } },
  };
  const cwd = await demoWorkspace({
    "facts/facts.json": JSON.stringify({ ...known, stacks: { "demo-test-api": stack } }),
    "facts/deployed/api.yml": deployed,
  });
  const shown = await run([...api.slice(0, -1), "facts/facts.json", "--diff"], new FakeHost({ cwd }));
  expect(
    shown
      .split("\n")
      .filter((line) => !/^(stdout:|\+ {3}|$| {4}\+)/.test(line))
      .join("\n"),
  ).toMatchInlineSnapshot(`
    "demo-test-api  against the deployed stack
    -   Uploads  AWS::S3::Bucket  uploads-1abc: removed
        ! lost with it: its objects
    =   Jobs  AWS::SQS::Queue  https://sqs/jobs: retained; it stays in the account
    =   EnvControllerAction  Custom::EnvControllerFunction: retained; the stack is detached first, so that what it made stays
    -   EnvControllerFunction  AWS::Lambda::Function: removed
    -/+ TargetGroup  AWS::ElasticLoadBalancingV2::TargetGroup: replaced
        - Name: "\\u001b[31mred"  (makes a new resource)
    Outputs
    -   Bucket: removed, exported as "demo-test-api-Bucket"
    Tags
    - team: "blue"
    6 added, 1 replaced, 2 removed, 2 retained, 2 outputs changed, 1 tag changed on every resource
    what is lost with Uploads comes back from no template
    exit code 1"
  `);
  const json = await run([...api.slice(0, -1), "facts/facts.json", "--diff", "--json"], new FakeHost({ cwd }));
  const { stacks } = JSON.parse(json.slice(json.indexOf("{"), json.lastIndexOf("}") + 1)) as {
    stacks: { resources: { action: string; id: string }[] }[];
  };
  expect(stacks[0]?.resources.filter(({ action, id }) => action !== "added" && id !== "TargetGroup"))
    .toMatchInlineSnapshot(`
    [
      {
        "action": "removed",
        "attributes": [],
        "certain": true,
        "holds": "objects",
        "id": "Uploads",
        "physicalId": "uploads-1abc",
        "properties": [],
        "type": "AWS::S3::Bucket",
      },
      {
        "action": "retained",
        "attributes": [],
        "certain": true,
        "holds": "messages",
        "id": "Jobs",
        "physicalId": "https://sqs/jobs",
        "properties": [],
        "type": "AWS::SQS::Queue",
      },
      {
        "action": "retained",
        "attributes": [],
        "certain": true,
        "custom": true,
        "detachFirst": true,
        "id": "EnvControllerAction",
        "properties": [],
        "type": "Custom::EnvControllerFunction",
      },
      {
        "action": "removed",
        "attributes": [],
        "certain": true,
        "id": "EnvControllerFunction",
        "properties": [],
        "type": "AWS::Lambda::Function",
      },
    ]
  `);
});

test("a stack that is not deployed is added whole", async () => {
  const cwd = await demoWorkspace({ "facts.json": JSON.stringify({ ...known, stacks: {} }) });
  const shown = await run([...api, "--diff"], new FakeHost({ cwd }));
  expect(shown).toMatchInlineSnapshot(`
    "stdout:
    demo-test-api  not deployed yet
    +   LogGroup  AWS::Logs::LogGroup: added
    +   TaskDefinition  AWS::ECS::TaskDefinition: added
    +   ExecutionRole  AWS::IAM::Role: added
    +   TaskRole  AWS::IAM::Role: added
    +   DiscoveryService  AWS::ServiceDiscovery::Service: added
    +   Service  AWS::ECS::Service: added
    +   TargetGroup  AWS::ElasticLoadBalancingV2::TargetGroup: added
    +   HTTPListenerRule  AWS::ElasticLoadBalancingV2::ListenerRule: added

    Outputs
    +   DiscoveryServiceARN: added, exported as "demo-test-api-DiscoveryServiceARN"

    8 added, 1 output changed
    exit code 1"
  `);
});

/** Addons with a bucket of this name. */
const addons = (bucket: string) => `Parameters:
  App: { Type: String }
  Env: { Type: String }
  Name: { Type: String }
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !Sub "\${App}-\${Env}-${bucket}" }
Outputs:
  FilesName: { Value: !Ref Files }
`;

test("addons are looked into as well, those that lie beside a template and those of a deployed stack", async () => {
  const nested = "demo-test-api-AddonsStack-1ABC";
  const stacks = {
    "demo-test-api": {
      template: "before/api-test.stack.yml",
      resources: { AddonsStack: { id: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${nested}/1-2` } },
    },
    [nested]: {
      template: "before/api.addons.stack.yml",
      parameters: { App: "demo", Env: "test", Name: "api" },
      resources: { Files: { id: "demo-test-files" } },
    },
  };
  const cwd = await demoWorkspace({
    "copilot/api/addons/files.yml": addons("files"),
    "facts.json": facts,
    "deployed.json": JSON.stringify({ ...known, stacks }),
    "untold.json": JSON.stringify({ ...known, stacks: { "demo-test-api": stacks["demo-test-api"] } }),
  });
  await run([...api, "--output-dir", "before"], new FakeHost({ cwd }));
  await writeFile(join(cwd, "copilot/api/addons/files.yml"), addons("pictures"));
  const nestedOf = async (...args: string[]) => {
    const shown = await run([...api.slice(0, -2), ...args], new FakeHost({ cwd }));
    return shown.split("\n\n").findLast((part) => part.startsWith("demo-test-api/")) ?? "nothing";
  };
  expect([
    await nestedOf("--facts", "facts.json", "--diff-against", "before/api-test.stack.yml"),
    await nestedOf("--facts", "deployed.json", "--diff"),
    await nestedOf("--facts", "untold.json", "--diff"),
  ]).toMatchInlineSnapshot(`
    [
      "demo-test-api/AddonsStack  against before/api.addons.stack.yml
    -/+ Files  AWS::S3::Bucket: replaced
        ! lost with it: its objects
        ~ BucketName: "demo-test-files" → "demo-test-pictures"  (makes a new resource)",
      "demo-test-api/AddonsStack  against the deployed stack
    -/+ Files  AWS::S3::Bucket  demo-test-files: replaced
        ! lost with it: its objects
        ~ BucketName: "demo-test-files" → "demo-test-pictures"  (makes a new resource)",
      "nothing",
    ]
  `);
});

test("colours tell on a terminal what goes", async () => {
  const cwd = await demoWorkspace({ "facts.json": facts, "before.yml": deployed });
  const host = new FakeHost({ cwd, terminal: { columns: 120, rows: 40 } });
  const shown = await run([...api, "--diff-against", "before.yml"], host);
  expect(JSON.stringify(shown.split("\n").find((line) => line.includes("Uploads")))).toMatchInlineSnapshot(
    `""\\u001b[31m-   Uploads  AWS::S3::Bucket: removed\\u001b[39m""`,
  );
});

test("an environment, an application and a job are compared as well", async () => {
  const cwd = await demoWorkspace({
    "copilot/report/manifest.yml": `name: report
type: Scheduled Job
image: { location: demo/report:1 }
on: { schedule: "@daily" }
`,
    "copilot/environments/test/manifest.yml": "name: test\ntype: Environment\n",
    "facts.json": JSON.stringify({ ...known, stacks: {} }),
  });
  const last = async (...args: string[]) =>
    (await run([...args, "--facts", "facts.json", "--diff"], new FakeHost({ cwd }))).split("\n").slice(-2).join(" · ");
  expect([
    await last("env", "package", "-n", "test"),
    await last("job", "package", "-n", "report", "-e", "test"),
    await last("app", "package"),
  ]).toMatchInlineSnapshot(`
    [
      "23 added, 18 outputs changed · exit code 1",
      "8 added · exit code 1",
      "5 added, 6 outputs changed · exit code 1",
    ]
  `);
});

test("an error is told from a difference by its exit code, 2", async () => {
  const cwd = await demoWorkspace({
    "facts.json": facts,
    "broken.yml": "Resources:\n  A: [\n",
    "list.yml": "- a\n",
    "typeless.yml": "Resources:\n  Bucket:\n    Properties: {}\n",
    "parameters.yml": "Resources: {}\n",
    "parameters.params.json": '{"Parameters": {"A": 1}}',
    "copilot/wrong/manifest.yml": "name: wrong\ntype: Backend Service\nimage: {}\n",
  });
  const refusals = [
    [...api, "--diff"],
    [...api, "--diff-against", "nowhere.yml"],
    [...api, "--diff-against", "broken.yml"],
    [...api, "--diff-against", "list.yml"],
    [...api, "--diff-against", "typeless.yml"],
    [...api, "--diff-against", "parameters.yml"],
    [...api, "--diff", "--output-dir", "x"],
    [...api, "--json"],
    ["svc", "package", "-n", "wrong", "-e", "test", "--facts", "facts.json", "--diff-against", "parameters.yml"],
    ["svc", "package", "-n", "api", "-e", "test", "--diff"],
  ];
  const shown = [];
  for (const args of refusals) shown.push(await run(args, new FakeHost({ cwd })));
  expect(shown.join("\n\n")).toMatchInlineSnapshot(`
    "stderr:
    error  --diff needs the deployed stack: the facts have no \`stacks\`  (usage/missing-input)
           pilotfish svc package -n api -e test --facts facts.json --diff-against deployed.yml
    exit code 2

    stderr:
    nowhere.yml  error  there is no such file  (template/invalid)
                        what is deployed is printed by: aws cloudformation get-template --stack-name NAME --query TemplateBody
    exit code 2

    stderr:
    broken.yml:3:1  error  Flow sequence in block collection must be sufficiently indented and end with a ]  (template/invalid)
    exit code 2

    stderr:
    list.yml:1:1  error  a template is a map  (template/invalid)
    exit code 2

    stderr:
    typeless.yml:3:5  error  Bucket is no resource: it has no Type  (template/invalid)
    exit code 2

    stderr:
    parameters.params.json  error  these are no parameters of a stack  (template/invalid)
                                   it is to hold { "Parameters": { "NAME": "VALUE" } }; where it is not there, the new parameters count
    exit code 2

    stderr:
    error  --diff and --output-dir exclude each other  (usage/invalid-flag)
           leave one of them out: pilotfish svc package --help
    exit code 2

    stdout:
    {"type":"error","code":"usage/invalid-flag","message":"--json goes with --diff: a template is printed as it is","hint":"pilotfish svc package -n api -e test --facts facts.json","details":[],"diagnostics":[]}
    exit code 2

    stderr:
    copilot/wrong/manifest.yml:3:1  error  \`image\` says neither \`build\` nor \`location\`  (image/source)
                                           add \`build: Dockerfile\`, or \`location:\` with the name of an image
    error  copilot/wrong/manifest.yml has an error  (manifest/invalid)
    exit code 2

    stderr:
    error  there are no credentials for AWS  (aws/no-credentials)
           aws configure
           or give what AWS knows in a file, as docs/facts.md says:
           pilotfish svc package -n api -e test --diff --facts facts.json
    exit code 2"
  `);
  expect(await run(refusals[8]?.slice(0, -2) ?? [], new FakeHost({ cwd }))).toMatch(/exit code 1$/);
});

test("what a template or its parameters may hold by mistake is told with its place", async () => {
  const template = "Resources: { A: { Type: 'AWS::SNS::Topic' } }\n";
  const cwd = await demoWorkspace({
    "facts.json": facts,
    "itself.yml": "Resources: &a\n  A: { Type: 'AWS::SNS::Topic', Properties: *a }\n",
    "outputs.yml": `${template}Outputs: { Name: }\n`,
    "null.yml": template,
    "null.params.json": "null",
    "cut.yml": template,
    "cut.params.json": "{",
  });
  const told = async (file: string) =>
    (await run([...api, "--diff-against", file], new FakeHost({ cwd }))).replaceAll(cwd, "");
  expect(await told("itself.yml")).toMatchInlineSnapshot(`
    "stderr:
    itself.yml:2:45  error  *a stands inside what it repeats  (template/invalid)
    exit code 2"
  `);
  expect(await told("outputs.yml")).toMatchInlineSnapshot(`
    "stderr:
    outputs.yml:2:10  error  Outputs are not a map of maps  (template/invalid)
    exit code 2"
  `);
  expect(await told("null.yml")).toMatchInlineSnapshot(`
    "stderr:
    null.params.json  error  these are no parameters of a stack  (template/invalid)
                             it is to hold { "Parameters": { "NAME": "VALUE" } }; where it is not there, the new parameters count
    exit code 2"
  `);
  expect(await told("cut.yml")).toMatchInlineSnapshot(`
    "stderr:
    cut.params.json  error  this is no JSON: Expected property name or '}' in JSON at position 1  (template/invalid)
                            it is to hold { "Parameters": { "NAME": "VALUE" } }; where it is not there, the new parameters count
    exit code 2"
  `);
  expect(await told("none.yml")).toMatchInlineSnapshot(`
    "stderr:
    none.yml  error  there is no such file  (template/invalid)
                     what is deployed is printed by: aws cloudformation get-template --stack-name NAME --query TemplateBody
    exit code 2"
  `);
});
