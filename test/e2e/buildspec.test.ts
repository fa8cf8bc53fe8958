import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { BatchGetImageCommand, ECRClient } from "@aws-sdk/client-ecr";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { describeWithRegistry } from "../support/aws/describe-with-registry.ts";
import { cliEnvironment, pilotfish, runCli } from "../support/run-cli.ts";
import { removeImages, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

/** What buildspecs of Copilot's pipelines ask of the program, in one shell as CodeBuild runs them: newer ones have assets
 *  uploaded, older ones do not; names are read with jq. Source: AWS Copilot CLI documentation, "Pipelines", "buildspec". */
const commands = [
  "export COLOR=false",
  "pl_envs=test",
  "svc_ls_result=$(pilotfish svc ls --local --json)",
  "svc_list=$(echo $svc_ls_result | jq '.services')",
  `if [ ! "$svc_list" = null ]; then svcs=$(echo $svc_ls_result | jq -r '.services[].name'); fi`,
  "job_ls_result=$(pilotfish job ls --local --json)",
  "job_list=$(echo $job_ls_result | jq '.jobs')",
  `if [ ! "$job_list" = null ]; then jobs=$(echo $job_ls_result | jq -r '.jobs[].name'); fi`,
  `for env in $pl_envs; do
     tag=$(echo \${CODEBUILD_BUILD_ID##*:}-$env | sed 's/:/-/g' | rev | cut -c 1-128 | rev)
     pilotfish env package -n $env --output-dir ./infrastructure --upload-assets --allow-downgrade || exit 1
     for svc in $svcs; do
       pilotfish svc package -n $svc -e $env --output-dir './infrastructure' --tag $tag --upload-assets || exit 1
     done
     for job in $jobs; do
       pilotfish job package -n $job -e $env --output-dir './infrastructure' --tag $tag --upload-assets --allow-downgrade || exit 1
     done
   done`,
  "pilotfish svc package -n api -e test --output-dir ./older --tag older --upload-assets=false --allow-downgrade",
  'echo "services: $svcs, jobs: $jobs, tag: $tag"',
];

describeWithRegistry("the buildspec of one of Copilot's pipelines, with the word changed", (aws, registry) => {
  test("its commands leave templates that CloudFormation deploys as they are", async () => {
    const { folder } = await serviceFolder(
      "api",
      { command: ["/bin/sh", "-c", "sleep 1000"] },
      "image: { build: Dockerfile, port: 8080 }\n",
      "Backend Service",
    );
    const app = /application: (\S+)/.exec(await readFile(join(folder, "copilot/.workspace"), "utf8"))?.[1] ?? "";
    onTestFinished(() => removeImages(`${app}/report`));
    await mkdir(join(folder, "copilot/report"));
    await writeFile(
      join(folder, "copilot/report/manifest.yml"),
      "name: report\ntype: Scheduled Job\nimage: { build: Dockerfile }\non: { schedule: '@daily' }\n",
    );
    const bin = join(folder, ".bin");
    await mkdir(bin);
    await writeFile(join(bin, "pilotfish"), `#!/bin/sh\nexec "${process.execPath}" "${pilotfish}" "$@"\n`);
    await chmod(join(bin, "pilotfish"), 0o755);
    const home = await simulatorHome();
    const env = { ...aws.env, ...registry.env, CODEBUILD_BUILD_ID: "pipeline-shop:4f7c", CI: "true" };
    for (const line of [`app init ${app}`, "env init -n test --default-config", "env deploy -n test"]) {
      const { code, stderr } = await runCli(line.split(" "), { cwd: folder, home, env });
      expect(code, stderr).toBe(0);
    }
    const build = await execa("bash", ["-e", "-c", commands.join("\n")], {
      cwd: folder,
      env: cliEnvironment(home, { ...env, PATH: `${bin}${delimiter}${process.env["PATH"]}` }),
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
    expect(build.exitCode, build.stderr).toBe(0);
    expect(build.stdout).toBe("services: api, jobs: report, tag: 4f7c-test");
    const written = async (name: string) => (await readdir(join(folder, name))).toSorted();
    expect({ infrastructure: await written("infrastructure"), older: await written("older") }).toMatchInlineSnapshot(`
      {
        "infrastructure": [
          "api-test.params.json",
          "api-test.stack.yml",
          "report-test.params.json",
          "report-test.stack.yml",
          "test.env.params.json",
          "test.env.yml",
        ],
        "older": [
          "api-test.params.json",
          "api-test.stack.yml",
        ],
      }
    `);
    const { images = [] } = await aws
      .client(ECRClient)
      .send(new BatchGetImageCommand({ repositoryName: `${app}/api`, imageIds: [{ imageTag: "4f7c-test" }] }));
    expect(images).toHaveLength(1);
    // As CodePipeline's action for CloudFormation takes them.
    const cloudFormation = aws.client(CloudFormationClient);
    for (const name of ["api", "report"]) {
      const read = (file: string) => readFile(join(folder, "infrastructure", file), "utf8");
      const { Parameters, Tags } = JSON.parse(await read(`${name}-test.params.json`)) as Record<
        "Parameters" | "Tags",
        Record<string, string>
      >;
      await cloudFormation.send(
        new CreateStackCommand({
          StackName: `${app}-test-${name}`,
          TemplateBody: await read(`${name}-test.stack.yml`),
          Capabilities: ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
          Parameters: Object.entries(Parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
          Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      const { Stacks = [] } = await cloudFormation.send(
        new DescribeStacksCommand({ StackName: `${app}-test-${name}` }),
      );
      expect(Stacks[0]?.StackStatus, Stacks[0]?.StackStatusReason).toBe("CREATE_COMPLETE");
    }
    // What the pipeline has deployed is found as a deploy's own.
    const listed = await runCli(["svc", "ls", "--json"], { cwd: folder, home, env });
    expect(JSON.parse(listed.stdout)).toMatchObject({ services: [{ name: "api", environments: ["test"] }] });
  });
});
