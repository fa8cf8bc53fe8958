import fc from "fast-check";
import { expect, test } from "vitest";
import type { AddonsOwner } from "../../../../src/manifest/addons/addons.ts";
import { isAddonFile, loadAddons } from "../../../../src/manifest/addons/load-addons.ts";
import { variableName } from "../../../../src/plan/addon-outputs.ts";

/** The files of a folder as one template, or what is said of them. */
function loaded(files: Record<string, string>, owner: AddonsOwner = "workload") {
  const sources = Object.entries(files).map(([name, text]) => ({ name, file: `addons/${name}`, text }));
  return loadAddons(sources, owner);
}

function said(files: Record<string, string>, owner?: AddonsOwner): string {
  return loaded(files, owner)
    .diagnostics.map(
      ({ file, line, column, severity, message, code, hint }) =>
        `${file}:${line}:${column} ${severity} ${message} (${code})${hint === undefined ? "" : `\n  ${hint}`}`,
    )
    .join("\n");
}

const given = "Parameters: { App: { Type: String }, Env: { Type: String }, Name: { Type: String } }\n";
const bucket = "Resources: { B: { Type: AWS::S3::Bucket } }\n";

test("what people wrote stays as it is: order, comments, short forms and quotes", () => {
  const text = `# Of the table.
AWSTemplateFormatVersion: 2010-09-09
Description: dropped
Parameters:
  # The application.
  App: {Type: String}
  Env:
    Type: String # one of two
  Name: { Type: "String" }
Conditions:
  IsProd: !Equals [!Ref Env, 'prod']

Resources:
    Table:
        Type: AWS::DynamoDB::Table
        Properties:
            TableName: !Sub \${App}-\${Env}-t
            Text: |
                a
                  b
            List: !Join
            - ','
            - - 1.10
              - 012
              - yes
            Else: !If [IsProd, {a: b}, !Ref "AWS::NoValue"]
`;
  const { addons, diagnostics } = loaded({ "t.yml": text });
  expect(diagnostics).toEqual([]);
  expect(addons?.text).toMatchInlineSnapshot(`
    "Parameters:
      # The application.
      App: {Type: String}
      Env:
        Type: String # one of two
      Name: {Type: "String"}
    Conditions:
      IsProd: !Equals [!Ref Env, 'prod']
    Resources:
      Table:
        Type: AWS::DynamoDB::Table
        Properties:
          TableName: !Sub \${App}-\${Env}-t
          Text: |
            a
              b
          List: !Join
            - ','
            - - 1.10
              - 012
              - yes
          Else: !If [IsProd, {a: b}, !Ref "AWS::NoValue"]
    "
  `);
});

test("several files are one template, in the order of their names", () => {
  const { addons, diagnostics } = loaded({
    "a.yml": `${given}Mappings:
  Sizes:
    test: { Disk: 1 }
Transform: AWS::Serverless-2016-10-31
Metadata: { A: 1 }
${bucket}Outputs:
  BName: { Value: !Ref B }
`,
    "b.yaml": `${given}Mappings:
  Sizes:
    prod: { Disk: 2 }
    test: { Disk: 1 }
  Others: { x: { y: z } }
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Conditions: { Is: !Equals [!Ref Env, test] }
Resources:
  # Of B.
  B: { Type: 'AWS::S3::Bucket' }
  C:
    Type: AWS::SNS::Topic
Outputs:
  CName:
    Value: !Ref C
`,
  });
  expect(diagnostics).toEqual([]);
  expect(addons?.text).toMatchInlineSnapshot(`
    "Metadata: {A: 1}
    Parameters: {App: {Type: String}, Env: {Type: String}, Name: {Type: String}}
    Mappings:
      Sizes:
        test: {Disk: 1}
        prod: {Disk: 2}
      Others: {x: {y: z}}
    Conditions: {Is: !Equals [!Ref Env, test]}
    Transform:
      - AWS::Serverless-2016-10-31
      - AWS::LanguageExtensions
    Resources:
      B: {Type: AWS::S3::Bucket}
      C:
        Type: AWS::SNS::Topic
    Outputs:
      BName: {Value: !Ref B}
      CName:
        Value: !Ref C
    "
  `);
});

test("outputs are what they plainly refer to", () => {
  const { addons } = loaded({
    "a.yml": `${given}Resources:
  S: { Type: AWS::SecretsManager::Secret }
  P: { Type: AWS::IAM::ManagedPolicy }
  G: { Type: AWS::EC2::SecurityGroup }
  B: { Type: AWS::S3::Bucket }
Outputs:
  Secret: { Value: !Ref S }
  LongSecret: { Value: { Ref: S } }
  SecretInText: { Value: !Sub '\${S}' }
  SecretOfOthers: { Value: !GetAtt S.Id }
  Policy: { Value: !Ref P }
  Group: { Value: !Ref G }
  GroupId: { Value: !GetAtt G.GroupId }
  Bucket: { Value: !Ref B }
  Imported: { Value: !ImportValue x }
`,
  });
  expect(addons?.outputs.map(({ name, kind }) => `${name}: ${kind}`)).toMatchInlineSnapshot(`
    [
      "Secret: secret",
      "LongSecret: secret",
      "SecretInText: value",
      "SecretOfOthers: value",
      "Policy: policy",
      "Group: security-group",
      "GroupId: value",
      "Bucket: value",
      "Imported: value",
    ]
  `);
});

test.for([
  ["MyTableName", "MY_TABLE_NAME"],
  ["usersDdbTableName", "USERS_DDB_TABLE_NAME"],
  ["MyDDBTable", "MY_DDB_TABLE"],
  ["MyDDB2WithLSI", "MY_DDB2_WITH_LSI"],
  ["S3Bucket", "S3_BUCKET"],
  ["My2ndCamel", "MY2ND_CAMEL"],
  ["already", "ALREADY"],
] as const)("the output %s is the variable %s", ([output, variable]) => {
  expect(variableName(output)).toBe(variable);
});

test.for<[what: string, files: Record<string, string>]>([
  [
    "a resource that two files see differently",
    { "a.yml": given + bucket, "b.yml": `${given}Resources:\n  B: { Type: AWS::SNS::Topic }\n` },
  ],
  ["a number and a text", { "a.yml": `${given}${bucket}Metadata: { A: 1 }\n`, "b.yml": 'Metadata:\n  A: "1"\n' }],
  [
    "a name in a mapping",
    { "a.yml": `${given}${bucket}Mappings: { M: { t: { D: 1 } } }\n`, "b.yml": "Mappings:\n  M:\n    t: { D: 2 }\n" },
  ],
])("%s is a conflict", ([, files]) => {
  expect(said(files)).toMatchSnapshot();
});

test.for<[what: string, files: Record<string, string>, owner?: AddonsOwner]>([
  ["none of them is declared", { "a.yml": bucket }],
  [
    "one is not, in the first file that declares some",
    { "a.yml": bucket, "b.yml": "Parameters:\n  App: { Type: String }\n  Env: { Type: String }\n" },
  ],
  [
    "the environments' have no name",
    { "a.yml": `Parameters: { App: { Type: String }, Env: { Type: String } }\n${bucket}` },
    "environment",
  ],
  [
    "nothing gives it a value",
    { "a.yml": `${given.replace(" }\n", ", More: { Type: String }, Def: { Default: '' } }\n")}${bucket}` },
  ],
  ["a value of nothing", { "a.yml": given + bucket, "addons.parameters.yml": "Parameters:\n  Mre: !Ref Service\n" }],
  [
    "misspelt",
    {
      "a.yml": `${given.replace(" }\n", ", More: { Default: 1 } }\n")}${bucket}`,
      "addons.parameters.yml": "Parameters:\n  Moer: x\n",
    },
  ],
  ["reserved", { "a.yml": given + bucket, "addons.parameters.yml": "Parameters:\n  App: x\n  Name: y\n" }],
  [
    "empty",
    {
      "a.yml": given.replace(" }\n", ", More: { Type: String } }\n") + bucket,
      "addons.parameters.yml": "Parameters:\n  More:\n",
    },
  ],
  ["no key Parameters", { "a.yml": given + bucket, "addons.parameters.yml": "More: x\n" }],
  ["not a map", { "a.yml": given + bucket, "addons.parameters.yml": "Parameters: [More]\n" }],
  [
    "two files",
    {
      "a.yml": given + bucket,
      "addons.parameters.yaml": "Parameters: {}\n",
      "addons.parameters.yml": "Parameters: {}\n",
    },
  ],
  ["no template beside it", { "addons.parameters.yml": "Parameters: {}\n" }],
])("parameters: %s", ([, files, owner]) => {
  expect(said(files, owner)).toMatchSnapshot();
});

test.for<[what: string, text: string]>([
  ["nothing but parameters", given],
  ["empty", ""],
  ["a list", "- a\n"],
  ["resources that are a list", `${given}Resources: [a]\n`],
  ["a resource without a type", `${given}Resources:\n  A: { Properties: {} }\n  B:\n`],
  ["an output without a value", `${given}${bucket}Outputs:\n  A: { Description: x }\n`],
  ["other sections", `${given}${bucket}Rules: {}\nGlobals: {}\nResource: {}\n`],
  ["an alias", `${given}Resources:\n  A: &a { Type: AWS::S3::Bucket }\n  B: *a\n`],
  ["a merged map", `${given}Resources:\n  A: &a { Type: AWS::S3::Bucket }\n  B:\n    <<: *a\n`],
  ["the same name twice", `${given}Resources:\n  A: { Type: X }\n  A: { Type: Y }\n`],
  ["no YAML", "Resources: [\n"],
])("a template with %s", ([, text]) => {
  expect(said({ "a.yml": text })).toMatchSnapshot();
});

test("sections without anything in them are none", () => {
  const { addons, diagnostics } = loaded({ "a.yml": `${given}${bucket}Outputs:\nConditions:\n` });
  expect(diagnostics).toEqual([]);
  expect(addons?.outputs).toEqual([]);
});

test("files that count", () => {
  const names = ["a.yml", "b.yaml", "c.json", ".DS_Store", "d.yml.bak", "README.md", "addons.parameters.yml"];
  expect(names.filter(isAddonFile)).toEqual(["a.yml", "b.yaml", "addons.parameters.yml"]);
});

test("a template that was put together is put together again to itself", () => {
  const written = fc.constantFrom(
    "!Ref App",
    "'it''s'",
    "yes",
    "|\n    a\n",
    "",
    "1.10",
    "[a, !Sub '${b}']",
    "# a comment\n    b",
  );
  const scalar = fc.oneof(
    fc.string().map((text) => JSON.stringify(text)),
    written,
  );
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,5}$/), scalar, { minKeys: 1 }), (values) => {
      const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${value}`);
      const { addons } = loaded({ "a.yml": `${given}${bucket}Metadata:\n${lines.join("\n")}\n` });
      expect(addons).toBeDefined();
      expect(loaded({ "a.yml": addons?.text ?? "" }).addons?.text).toBe(addons?.text);
    }),
  );
});
