import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPipelineManifest } from "../../../src/manifest/load-pipeline.ts";

const file = "copilot/pipelines/release/manifest.yml";

function load(text: string) {
  return loadPipelineManifest({ file, text: dedented(text), folder: "release" }, { app: "shop" });
}

/** What is wrong with a manifest of a pipeline. */
function problems(text: string): string {
  const { diagnostics, manifest } = load(text);
  expect(manifest === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
  const lines = diagnostics.flatMap(({ line, column, severity, message, code, hint }) => [
    `${line}:${column} ${severity} ${message} (${code})`,
    ...(hint === undefined ? [] : [`    ${hint}`]),
  ]);
  return lines.length === 0 ? "none" : `\n${lines.join("\n")}\n`;
}

/** The same of a good manifest from GitHub in which `stages`, from line 8 on, are these. */
function stages(text: string): string {
  return problems(`${head("GitHub", "https://github.com/example/shop")}stages:\n${dedented(text)}`);
}

/** The same of one with this `source.properties`, from line 6 on. */
function from(provider: string, repository: string, more = ""): string {
  return problems(`${head(provider, repository)}${more}stages: [{ name: test }]`);
}

const head = (provider: string, repository: string) =>
  `name: release\nversion: 1\nsource:\n  provider: ${provider}\n  properties:\n    repository: ${repository}\n`;

/** Without the lines' common indentation. */
function dedented(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = Math.min(80, ...indents);
  return lines.map((line) => line.slice(Math.min(common, /^ */.exec(line)?.[0].length ?? 0))).join("\n");
}

describe("what is taken", () => {
  test("every field", () => {
    const text = `
      name: release
      version: 1
      source:
        provider: GitHub
        properties:
          branch: main
          repository: https://github.com/example/shop
          connection_name: github
          output_artifact_format: CODEBUILD_CLONE_REF
      build:
        image: aws/codebuild/amazonlinux2-aarch64-standard:2.0
        buildspec: build/buildspec.yml
        additional_policy:
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: "*"
                Resource: [!GetAtt Bucket.Arn, !Sub "\${AWS::Partition}", !Join ["", [a, !Ref B]]]
                Condition: { StringEquals: { aws:SourceAccount: 012345670123 } }
      stages:
        - name: test
          pre_deployments: { migrate: { buildspec: migrate.yml, depends_on: [] } }
          deployments: { api: , web: { depends_on: [api] }, db: { stack_name: db, template_path: a, template_config: b } }
          post_deployments: { smoke: { buildspec: smoke.yml } }
        - name: prod
          requires_approval: yes
          test_commands: [make test]
    `;
    expect(problems(text)).toBe("none");
    expect(load(text).manifest).toMatchInlineSnapshot(`
      {
        "build": {
          "additional_policy": {
            "PolicyDocument": {
              "Statement": [
                {
                  "Action": "*",
                  "Condition": {
                    "StringEquals": {
                      "aws:SourceAccount": "012345670123",
                    },
                  },
                  "Effect": "Allow",
                  "Resource": [
                    {
                      "Fn::GetAtt": [
                        "Bucket",
                        "Arn",
                      ],
                    },
                    {
                      "Fn::Sub": "\${AWS::Partition}",
                    },
                    {
                      "Fn::Join": [
                        "",
                        [
                          "a",
                          {
                            "Ref": "B",
                          },
                        ],
                      ],
                    },
                  ],
                },
              ],
              "Version": "2012-10-17",
            },
          },
          "buildspec": "build/buildspec.yml",
          "image": "aws/codebuild/amazonlinux2-aarch64-standard:2.0",
        },
        "name": "release",
        "source": {
          "properties": {
            "branch": "main",
            "connection_name": "github",
            "output_artifact_format": "CODEBUILD_CLONE_REF",
            "repository": "https://github.com/example/shop",
          },
          "provider": "GitHub",
        },
        "stages": [
          {
            "deployments": {
              "api": {},
              "db": {
                "stack_name": "db",
                "template_config": "b",
                "template_path": "a",
              },
              "web": {
                "depends_on": [
                  "api",
                ],
              },
            },
            "name": "test",
            "post_deployments": {
              "smoke": {
                "buildspec": "smoke.yml",
              },
            },
            "pre_deployments": {
              "migrate": {
                "buildspec": "migrate.yml",
                "depends_on": [],
              },
            },
          },
          {
            "name": "prod",
            "requires_approval": true,
            "test_commands": [
              "make test",
            ],
          },
        ],
        "version": 1,
      }
    `);
  });

  test.each([
    ["GitHub", "https://github.com/example/shop"],
    ["GitHub", "example/shop"],
    ["GitHub", "https://github.com/example/shop.git"],
    ["Bitbucket", "https://bitbucket.org/example/shop"],
    ["CodeCommit", "https://git-codecommit.us-west-2.amazonaws.com/v1/repos/shop"],
    ["CodeCommit", "https://us-west-2.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse"],
    [
      "CodeCommit",
      "https://us-west-2.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse?region=us-west-2",
    ],
  ])("%s: %s", (provider, repository) => {
    expect(from(provider, repository)).toBe("none");
  });

  test("a token, with the provider that older manifests say and with the newer one", () => {
    const token = "    access_token_secret: github-token\n";
    expect(from("GitHub", "https://github.com/example/shop", token)).toBe("none");
    expect(from("GitHubV1", "https://github.com/example/shop", token)).toBe("none");
  });

  test("empty groups, which say nothing", () => {
    expect(
      stages("- { name: test, deployments: {}, pre_deployments: , post_deployments: {}, test_commands: [make] }"),
    ).toBe("none");
  });
});

describe("the manifest", () => {
  test("needs what a pipeline is made of", () => {
    expect(problems("{}")).toMatchInlineSnapshot(`
      "
      1:1 error \`name\` is missing (schema/missing)
          give the pipeline a name: \`name: release\`
      1:1 error \`version\` is missing (schema/missing)
          write \`version: 1\`
      1:1 error \`source\` is missing (schema/missing)
          say where the code is: \`source: { provider: GitHub, properties: … }\`
      1:1 error \`stages\` is missing (schema/missing)
          list the environments to deploy to: \`stages: [{ name: test }]\`
      "
    `);
    expect(problems("")).toMatchInlineSnapshot(`
      "
      1:1 error the manifest is empty (yaml/empty)
          start with \`name:\` and \`version: 1\`
      "
    `);
    expect(problems("name:\nversion: 1\nsource: { provider: , properties: }\nstages: [{ requires_approval: true }]"))
      .toMatchInlineSnapshot(`
      "
      1:1 error \`name\` is missing (schema/missing)
          give the pipeline a name: \`name: release\`
      3:11 error \`source.provider\` is missing (schema/missing)
          write \`provider: GitHub\`
      3:23 error \`source.properties\` is missing (schema/missing)
          add \`properties\` with the \`repository\` and its \`branch\`
      4:10 error \`stages[0].name\` is missing (schema/missing)
          give the name of an environment: \`name: test\`
      "
    `);
  });

  test("has one version, which is a number", () => {
    const rest = 'source: { provider: GitHub, properties: { repository: "a/b" } }\nstages: [{ name: test }]\n';
    expect(problems(`name: release\nversion: 2\n${rest}`)).toMatchInlineSnapshot(`
      "
      2:10 error \`version\` must be 1, the only version there is, not 2 (schema/value)
      "
    `);
    expect(problems(`name: release\nversion: "1"\n${rest}`)).toMatchInlineSnapshot(`
      "
      2:10 error \`version\` must be a whole number, and in quotes it is text (schema/type)
          write 1 without quotes
      "
    `);
  });

  test("has a name that a stack can have", () => {
    const rest =
      'version: 1\nsource: { provider: GitHub, properties: { repository: "a/b" } }\nstages: [{ name: test }]\n';
    expect(problems(`name: ""\n${rest}`)).toMatchInlineSnapshot(`
      "
      1:7 error \`name\` must not be empty (schema/value)
      "
    `);
    expect(problems(`name: my_pipeline\n${rest}`)).toMatchInlineSnapshot(`
      "
      1:7 error \`name\` may only have letters, digits and dashes, not \`my_pipeline\` (schema/value)
          a pipeline is a stack of CloudFormation, and its name is part of the stack's
      "
    `);
    expect(problems(`name: ${"x".repeat(101)}\n${rest}`)).toMatchInlineSnapshot(`
      "
      1:7 error \`name\` must have 100 characters at most, not 101 (schema/value)
      "
    `);
    const { diagnostics } = loadPipelineManifest(
      { file, text: `name: ${"x".repeat(100)}\n${rest}`, folder: "release" },
      { app: "a-long-name-of-an-app" },
    );
    expect(diagnostics).toMatchInlineSnapshot(`
      [
        {
          "code": "pipeline/name",
          "column": 7,
          "file": "copilot/pipelines/release/manifest.yml",
          "hint": "use 97 characters at most",
          "line": 1,
          "message": "\`xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\` is too long: the stack would be named \`pipeline-a-long-name-of-an-app-xxxxxxxxxxxxxxxxxxxxxxxxxxxx…\`",
          "path": "name",
          "severity": "error",
        },
      ]
    `);
  });

  test("keys that other tools have are told, with what is written here", () => {
    expect(
      problems(`
        name: release
        version: 1
        branch: main
        source: { provider: GitHub, connection_name: x, properties: { repository: a/b } }
        image: aws/codebuild/standard:7.0
        build: { phases: { build: { commands: [make] } }, env: { A: b } }
        test_commands: [make test]
        environments: [test]
        stages:
          - name: test
            approval: true
            depends_on: [prod]
            test_command: [make test]
            deployments: { api: { template: a, parameters: b, stack: c, depends-on: [] } }
      `),
    ).toMatchInlineSnapshot(`
      "
      3:1 warning unknown key \`branch\`; it has no effect (schema/unknown-key)
          \`branch\` belongs under \`source.properties\`
      4:29 warning unknown key \`connection_name\` in \`source\`; it has no effect (schema/unknown-key)
          \`connection_name\` belongs under \`source.properties\`
      5:1 warning unknown key \`image\`; it has no effect (schema/unknown-key)
          \`image\` belongs under \`build\`
      6:10 warning unknown key \`phases\` in \`build\`; it has no effect (schema/unknown-key)
          what the build runs stands in the file that \`build.buildspec\` names
      6:51 warning unknown key \`env\` in \`build\`; it has no effect (schema/unknown-key)
          variables of the build stand in the file that \`build.buildspec\` names
      7:1 warning unknown key \`test_commands\`; it has no effect (schema/unknown-key)
          \`test_commands\` belongs under \`stages\`
      8:1 warning unknown key \`environments\`; it has no effect (schema/unknown-key)
          environments are \`stages\`
      11:5 warning unknown key \`approval\` in \`stages[0]\`; it has no effect (schema/unknown-key)
          write \`requires_approval: true\`
      12:5 warning unknown key \`depends_on\` in \`stages[0]\`; it has no effect (schema/unknown-key)
          stages run one after another, in the order of the list
      13:5 warning unknown key \`test_command\` in \`stages[0]\`; it has no effect (schema/unknown-key)
          did you mean \`test_commands\`?
      14:27 warning unknown key \`template\` in \`stages[0].deployments.api\`; it has no effect (schema/unknown-key)
          write \`template_path\`
      14:40 warning unknown key \`parameters\` in \`stages[0].deployments.api\`; it has no effect (schema/unknown-key)
          write \`template_config\`
      14:55 warning unknown key \`stack\` in \`stages[0].deployments.api\`; it has no effect (schema/unknown-key)
          write \`stack_name\`
      14:65 warning unknown key \`depends-on\` in \`stages[0].deployments.api\`; it has no effect (schema/unknown-key)
          did you mean \`depends_on\`?
      "
    `);
  });

  test("keys that nobody knows are told, with what was meant", () => {
    expect(
      problems(
        `${head("GitHub", "a/b")}    connection: x\ntype: Pipeline\nstages:\n  - { name: test, require_approval: true, deployments: { api: { template_config_path: x } } }\n`,
      ),
    ).toMatchInlineSnapshot(`
      "
      7:5 warning unknown key \`connection\` in \`source.properties\`; it has no effect (schema/unknown-key)
      8:1 warning unknown key \`type\`; it has no effect (schema/unknown-key)
          \`type\` belongs in the manifests of workloads: copilot/NAME/manifest.yml
      10:19 warning unknown key \`require_approval\` in \`stages[0]\`; it has no effect (schema/unknown-key)
          did you mean \`requires_approval\`?
      10:65 warning unknown key \`template_config_path\` in \`stages[0].deployments.api\`; it has no effect (schema/unknown-key)
      "
    `);
  });
});

describe("the source", () => {
  test("is kept by someone that CodePipeline knows", () => {
    expect(from("Gitlab", "https://gitlab.com/example/shop")).toMatchInlineSnapshot(`
      "
      4:13 error \`source.provider\` must be GitHub, GitHubV1, Bitbucket or CodeCommit, not \`Gitlab\` (schema/value)
      "
    `);
    expect(from("github", "example/shop")).toMatchInlineSnapshot(`
      "
      4:13 error \`source.provider\` must be GitHub, GitHubV1, Bitbucket or CodeCommit, not \`github\` (schema/value)
          did you mean \`GitHub\`?
      "
    `);
  });

  test.each([
    ["GitHub", "git@github.com:example/shop.git"],
    ["GitHub", "shop"],
    ["GitHub", "http://github.com/example/shop"],
    ["GitHub", "https://bitbucket.org/example/shop"],
    ["Bitbucket", "https://user@bitbucket.org/example/shop"],
    ["Bitbucket", "example/shop"],
    ["CodeCommit", "ssh://git-codecommit.us-west-2.amazonaws.com/v1/repos/shop"],
    ["CodeCommit", "https://github.com/example/shop"],
  ])("%s has no repository %s", (provider, repository) => {
    expect(from(provider, repository)).toMatchSnapshot();
  });

  test("has texts for properties, as YAML takes them", () => {
    expect(from("GitHub", "1", "    branch: 1.10\n    access_token_secret: true\n    connection_arn: 2024-01-31\n"))
      .toMatchInlineSnapshot(`
      "
      6:17 error \`source.properties.repository\` must be text, and \`1\` without quotes is a number (schema/type)
          write "1"
      7:13 error \`source.properties.branch\` must be text, and \`1.10\` without quotes is a number (schema/type)
          write "1.10"
      8:26 error \`source.properties.access_token_secret\` must be text, and \`true\` without quotes is true or false (schema/type)
          write "true"
      9:21 error \`source.properties.connection_arn\` must be text, and \`2024-01-31\` without quotes is a date (schema/type)
          write "2024-01-31"
      "
    `);
    expect(from("GitHub", "a/b", "    branch: v1.10\n")).toBe("none");
    expect(from("GitHub", "a/b", '    branch: "1.10"\n')).toBe("none");
  });

  test("is handed over in one of two forms", () => {
    expect(from("GitHub", "a/b", "    output_artifact_format: CODEBUILD_CLONE\n")).toMatchInlineSnapshot(`
      "
      7:29 error \`source.properties.output_artifact_format\` must be CODE_ZIP or CODEBUILD_CLONE_REF, not \`CODEBUILD_CLONE\` (schema/value)
          did you mean \`CODEBUILD_CLONE_REF\`?
      "
    `);
  });

  test("with a token needs the secret that holds it", () => {
    expect(from("GitHubV1", "a/b")).toMatchInlineSnapshot(`
      "
      5:3 error GitHubV1 needs the secret that holds a token of GitHub's (pipeline/token)
          give its name in Secrets Manager: \`access_token_secret: NAME\`, or use \`provider: GitHub\` with a connection
      "
    `);
    expect(from("GitHub", "a/b", '    access_token_secret: ""\n')).toMatchInlineSnapshot(`
      "
      7:26 error GitHubV1 needs the secret that holds a token of GitHub's (pipeline/token)
          give its name in Secrets Manager: \`access_token_secret: NAME\`, or use \`provider: GitHub\` with a connection
      "
    `);
  });

  test("has properties without effect, which are told", () => {
    const all = "    connection_name: x\n    connection_arn: y\n";
    const format = "    output_artifact_format: CODE_ZIP\n";
    const token = "    access_token_secret: z\n";
    expect(from("GitHubV1", "a/b", token + all + format)).toMatchInlineSnapshot(`
      "
      8:22 warning \`connection_name\` has no effect (pipeline/no-effect)
          with a token, CodePipeline takes a ZIP file of the repository and needs no connection
      9:21 warning \`connection_arn\` has no effect (pipeline/no-effect)
          with a token, CodePipeline takes a ZIP file of the repository and needs no connection
      10:29 warning \`output_artifact_format\` has no effect (pipeline/no-effect)
          with a token, CodePipeline takes a ZIP file of the repository and needs no connection
      "
    `);
    expect(
      from(
        "CodeCommit",
        "https://us-west-2.console.aws.amazon.com/codesuite/codecommit/repositories/shop/browse",
        token + all + format,
      ),
    ).toMatchInlineSnapshot(`
      "
      7:26 warning \`access_token_secret\` has no effect (pipeline/no-effect)
          CodeCommit is reached with the pipeline's role
      8:22 warning \`connection_name\` has no effect (pipeline/no-effect)
          CodeCommit is reached with the pipeline's role
      9:21 warning \`connection_arn\` has no effect (pipeline/no-effect)
          CodeCommit is reached with the pipeline's role
      "
    `);
    expect(from("Bitbucket", "https://bitbucket.org/a/b", token + all)).toMatchInlineSnapshot(`
      "
      7:26 warning \`access_token_secret\` has no effect (pipeline/no-effect)
          Bitbucket is reached through a connection
      9:21 warning \`connection_arn\` has no effect (pipeline/no-effect)
          \`connection_name\` says which connection it is
      "
    `);
  });

  test("holds no variables", () => {
    expect(
      problems(
        `${head("GitHub", "example/shop")}    branch: \${BRANCH}\nbuild: { image: "\${IMAGE}" }\nstages:\n  - { name: "\${ENV}", test_commands: ["echo \${A}"] }\n`,
      ),
    ).toMatchInlineSnapshot(`
      "
      7:13 warning \`\${BRANCH}\` stays as it stands: variables do not count in manifests of pipelines (pipeline/variable)
          write the value itself
      8:17 warning \`\${IMAGE}\` stays as it stands: variables do not count in manifests of pipelines (pipeline/variable)
          write the value itself
      10:13 warning \`\${ENV}\` stays as it stands: variables do not count in manifests of pipelines (pipeline/variable)
          write the value itself
      "
    `);
  });
});

describe("stages", () => {
  test("are there, each another environment", () => {
    expect(problems(`${head("GitHub", "a/b")}stages: []`)).toMatchInlineSnapshot(`
      "
      7:1 error a pipeline needs a stage: an environment to deploy to (pipeline/stages)
          add \`- name: test\`
      "
    `);
    expect(problems(`${head("GitHub", "a/b")}stages: test`)).toMatchInlineSnapshot(`
      "
      7:9 error \`stages\` must be a list, not \`test\` (schema/type)
          list the environments to deploy to: \`stages: [{ name: test }]\`
      "
    `);
    expect(stages("- name: test\n- name: prod\n- name: test")).toMatchInlineSnapshot(`
      "
      10:9 error \`stages[0]\` is \`test\` already (pipeline/stages)
          an environment has one stage: name its deployments there
      "
    `);
    expect(stages("- name: test\n-")).toMatchInlineSnapshot(`
      "
      9:2 error \`stages[1]\` is empty (schema/type)
      "
    `);
  });

  test("deploy what they know in an order that there is", () => {
    expect(
      stages(`
        - name: test
          deployments:
            api: { depends_on: [databse, web] }
            database: { depends_on: [database] }
            web: { depends_on: [api] }
      `),
    ).toMatchInlineSnapshot(`
      "
      10:12 error these wait for each other: \`api\` → \`web\` → \`api\` (pipeline/depends-on)
          take one of these dependencies away
      10:25 error there is no \`databse\` in \`deployments\` (pipeline/depends-on)
          did you mean \`database\`?
      11:30 error \`database\` cannot wait for itself (pipeline/depends-on)
      "
    `);
    expect(stages("- { name: test, deployments: { api: { depends_on: [other] } } }")).toMatchInlineSnapshot(`
      "
      8:52 error there is no \`other\` in \`deployments\` (pipeline/depends-on)
          \`api\` is the only one
      "
    `);
    expect(stages("- { name: test, deployments: [api] }")).toMatchInlineSnapshot(`
      "
      8:17 error \`stages[0].deployments\` must be a map, not a list (schema/type)
      "
    `);
    expect(stages("- { name: test, deployments: { api: true, web: { depends_on: api } } }")).toMatchInlineSnapshot(`
      "
      8:37 error \`stages[0].deployments.api\` must be a map, not \`true\` (schema/type)
      8:62 error \`stages[0].deployments.web.depends_on\` must be a list, not \`api\` (schema/type)
          write \`["api"]\`
      "
    `);
  });

  test("run actions in an order that there is, each with its commands", () => {
    expect(
      stages(`
        - name: test
          pre_deployments:
            a: { buildspec: a.yml, depends_on: [c] }
            b: { buildspec: b.yml, depends_on: [a] }
            c: { buildspec: c.yml, depends_on: [b, d] }
            e: { buildspec: c.yml, depends_on: [a] }
      `),
    ).toMatchInlineSnapshot(`
      "
      10:28 error these wait for each other: \`a\` → \`c\` → \`b\` → \`a\` (pipeline/depends-on)
          take one of these dependencies away
      12:44 error there is no \`d\` in \`pre_deployments\` (pipeline/depends-on)
          did you mean \`a\`?
      "
    `);
    expect(
      stages(`
        - name: test
          post_deployments:
            e:
            f: {}
            g: { buildspec: "" }
      `),
    ).toMatchInlineSnapshot(`
      "
      10:5 error \`stages[0].post_deployments.e\` is empty (schema/missing)
          it needs \`buildspec\`
      11:5 error \`stages[0].post_deployments.f.buildspec\` is missing (schema/missing)
          give the file with the commands: \`buildspec: copilot/pipelines/NAME/migrate.yml\`
      12:21 error \`stages[0].post_deployments.g.buildspec\` must not be empty (schema/value)
      "
    `);
  });

  test("end with actions or with commands", () => {
    expect(
      stages(`
        - name: test
          post_deployments: { smoke: { buildspec: smoke.yml } }
          test_commands: [make test]
      `),
    ).toMatchInlineSnapshot(`
      "
      10:3 error \`test_commands\` and \`post_deployments\` exclude each other (pipeline/tests)
          run the commands in the buildspec of an action under \`post_deployments\`
      "
    `);
    expect(stages("- { name: test, test_commands: make test }")).toMatchInlineSnapshot(`
      "
      8:32 error \`stages[0].test_commands\` must be a list, not \`make test\` (schema/type)
          write \`["make test"]\`
      "
    `);
  });

  test("have actions with names that CodePipeline takes", () => {
    expect(
      stages(`
        - name: test-1
          pre_deployments:
            migrate it: { buildspec: a.yml }
            db-migrate: { buildspec: a.yml }
            db_migrate: { buildspec: a.yml }
          post_deployments:
            db-migrate: { buildspec: a.yml }
        - name: test1
          pre_deployments:
            dbmigrate: { buildspec: a.yml }
      `),
    ).toMatchInlineSnapshot(`
      "
      10:5 error \`migrate it\` is no name for an action (pipeline/action-name)
          use letters, digits, \`.\`, \`@\`, \`-\` and \`_\`, 100 of them at most
      12:5 error \`db_migrate\` and \`db-migrate\` differ in nothing but signs, and share one build project (pipeline/action-name)
          let their names, or those of their stages, differ in letters or digits
      14:5 warning CodePipeline takes the name of an action once in a stage, and \`pre_deployments\` has \`db-migrate\` (pipeline/action-name)
          give it another name
      17:5 error \`dbmigrate\` and \`db_migrate\` differ in nothing but signs, and share one build project (pipeline/action-name)
          let their names, or those of their stages, differ in letters or digits
      "
    `);
  });
});

/** Reference cases kept outside the repository. */
const cases = join(import.meta.dirname, "../../../../shared/copilot-cases");
const isHere = existsSync(join(cases, "cases.json"));
if (!isHere) process.stderr.write(`skipped: Copilot's reference cases are not at ${cases}\n`);

test.skipIf(!isHere)("the pipelines of the reference cases load", () => {
  const { cases: all } = JSON.parse(readFileSync(join(cases, "cases.json"), "utf8")) as {
    cases: { id: string; name: string; command: string; workspace: string }[];
  };
  const found = all
    .filter(({ command }) => command === "pipeline")
    .map(({ id, name, workspace }) => {
      const path = join(cases, workspace, "copilot/pipelines", name, "manifest.yml");
      const source = { file: "manifest.yml", text: readFileSync(path, "utf8"), folder: name };
      return [id, loadPipelineManifest(source, { app: "shop" }).diagnostics];
    });
  expect(found.length).toBeGreaterThan(1);
  expect(found).toEqual(found.map(([id]) => [id, []]));
});
