import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTemplate } from "../../../../src/cloudformation/read-template.ts";
import { isCustomResource } from "../../../../src/cloudformation/update/custom-resource.ts";
import { detach } from "../../../../src/cloudformation/update/detach.ts";
import { requireDetached } from "../../../../src/cloudformation/update/detach-first.ts";
import type { ResourceSchemas } from "../../../../src/cloudformation/update/replacement.ts";
import {
  type KnownResources,
  type StackUpdate,
  stackUpdate,
} from "../../../../src/cloudformation/update/stack-update.ts";

const schemas: ResourceSchemas = {
  "AWS::S3::Bucket": ["BucketName", "", "BucketName"],
  "AWS::SQS::Queue": ["FifoQueue QueueName", "", ""],
  "AWS::EFS::FileSystem": ["Encrypted"],
  "AWS::EFS::MountTarget": ["FileSystemId SubnetId"],
  "AWS::ECS::TaskDefinition": ["ContainerDefinitions Cpu Family"],
  "AWS::ECS::Service": ["Cluster LaunchType"],
  "AWS::RDS::DBInstance": ["DBName", "Engine"],
  "AWS::ElasticLoadBalancingV2::ListenerRule": ["ListenerArn"],
  "AWS::CloudFormation::CustomResource": ["ServiceToken"],
  "AWS::CloudFront::Distribution": [""],
  "AWS::EFS::AccessPoint": ["RootDirectory.CreationInfo.OwnerUid Tags.*.Key"],
  "AWS::IAM::Role": ["Path RoleName", "", "RoleName"],
};

interface Side {
  template: string;
  parameters?: Record<string, string>;
  tags?: Record<string, string>;
}

const around = { account: "123456789012", region: "eu-west-1", partition: "aws", stackName: "shop-test-api" };

function update(before: Side, after: Side, known?: KnownResources): StackUpdate {
  const [a, b] = [before, after].map(({ template, parameters = {}, tags }) => ({
    template: readTemplate(template),
    parameters,
    tags,
  }));
  if (!a || !b) throw new Error("two sides");
  return stackUpdate({
    before: a,
    after: b,
    schemas,
    surroundings: { ...around, exports: { "env-Id": "c-1" } },
    known,
  });
}

/** One line for each change. */
function shown({ resources, outputs, tags }: StackUpdate): string {
  const property = (each: StackUpdate["tags"][number]) =>
    [
      `  ${each.path}: ${JSON.stringify(each.before)} → ${JSON.stringify(each.after)}`,
      ...(each.certain ? [] : ["not certain"]),
      ...(each.replaces === "no" ? [] : [`replaces: ${each.replaces}`]),
      ...(each.because ? [`because of ${each.because.join(", ")}`] : []),
    ].join("; ");
  return [
    ...resources.flatMap(({ id, type: _, action, certain, properties, attributes, ...more }) => [
      `${certain ? "" : "may be "}${action} ${id} ${JSON.stringify(more)}`,
      ...[...properties, ...attributes].map(property),
    ]),
    ...outputs.flatMap(({ name, action, certain, export: as, properties }) => [
      `output ${name} ${certain ? "" : "may be "}${action} ${as === undefined ? "" : JSON.stringify(as)}`,
      ...properties.map(property),
    ]),
    ...tags.map((each) => `tag${property(each)}`),
  ].join("\n");
}

const bucket = (more: string) => `Resources:\n  Files:\n    Type: AWS::S3::Bucket\n${more}`;

describe("a resource", () => {
  test("is added, changed, replaced, removed or retained, and tells what is lost with it", () => {
    const before = {
      template: `
Resources:
  Stays: { Type: AWS::CloudFront::Distribution, Properties: { A: 1 } }
  Changes: { Type: AWS::CloudFront::Distribution, Properties: { A: 1, B: [x], C: { D: e } } }
  Moves: { Type: AWS::S3::Bucket, Properties: { BucketName: a } }
  KeptWhenItMoves: { Type: AWS::SQS::Queue, UpdateReplacePolicy: Retain, Properties: { QueueName: a } }
  Goes: { Type: AWS::SQS::Queue }
  Left: { Type: AWS::EFS::FileSystem, DeletionPolicy: Retain }
  LeftToo: { Type: AWS::EFS::FileSystem, DeletionPolicy: RetainExceptOnCreate }
  Database: { Type: AWS::RDS::DBInstance, Properties: { DBName: a } }
  Member: { Type: AWS::RDS::DBInstance, Properties: { DBClusterIdentifier: a } }
  Deleted: { Type: AWS::RDS::DBInstance, DeletionPolicy: Delete }
  Function: { Type: Custom::Function, Properties: { ServiceToken: arn } }
  Turns: { Type: AWS::SQS::Queue }`,
    };
    const after = {
      template: `
Resources:
  Stays: { Type: AWS::CloudFront::Distribution, Properties: { A: "1" } }
  Changes: { Type: AWS::CloudFront::Distribution, DeletionPolicy: Retain, Properties: { A: 2, C: { D: f }, E: true } }
  Moves: { Type: AWS::S3::Bucket, Properties: { BucketName: b } }
  KeptWhenItMoves: { Type: AWS::SQS::Queue, UpdateReplacePolicy: Retain, Properties: { QueueName: b } }
  Comes: { Type: AWS::SQS::Queue }
  Turns: { Type: AWS::S3::Bucket }`,
    };
    const known = { physicalIds: { Goes: "https://queue", Comes: "not there yet" } };
    expect(shown(update(before, after, known))).toMatchInlineSnapshot(`
      "changed Changes {}
        A: "1" → "2"
        B: ["x"] → undefined
        C.D: "e" → "f"
        E: undefined → "true"
        DeletionPolicy: undefined → "Retain"
      replaced Moves {"holds":"objects"}
        BucketName: "a" → "b"; replaces: yes
      replaced KeptWhenItMoves {"holds":"messages","keepsOld":true}
        QueueName: "a" → "b"; replaces: yes
      removed Goes {"physicalId":"https://queue","holds":"messages"}
      retained Left {"holds":"files"}
      retained LeftToo {"holds":"files"}
      removed Database {"holds":"records","snapshot":true}
      removed Member {"holds":"records"}
      removed Deleted {"holds":"records"}
      removed Function {"custom":true}
      replaced Turns {"holds":"messages"}
        (type): "AWS::SQS::Queue" → "AWS::S3::Bucket"; replaces: yes
      added Comes {"holds":"messages"}"
    `);
  });

  test("is not what its description or the order of its keys says", () => {
    const before = { template: bucket("    Metadata: { a: b }\n    Properties: { A: 1, B: 2 }") };
    const after = { template: bucket("    Properties: { B: 2, A: 1 }\n    Metadata: { a: c }") };
    expect(shown(update(before, after))).toBe("");
  });

  test("may be replaced by what only some changes do, and where its type is not known", () => {
    const template = (engine: string) => `
Resources:
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: ${engine} } }
  Unknown: { Type: Third::Party::Thing, Properties: { Engine: ${engine} } }
  Asked: { Type: Custom::Thing, Properties: { ServiceToken: arn, Engine: ${engine} } }
  Elsewhere: { Type: Custom::Thing, Properties: { ServiceToken: "arn:${engine}" } }`;
    expect(shown(update({ template: template("a") }, { template: template("b") }))).toMatchInlineSnapshot(`
      "may be replaced Database {"holds":"records"}
        Engine: "a" → "b"; replaces: maybe
      may be replaced Unknown {}
        Engine: "a" → "b"; replaces: maybe
      may be replaced Asked {"custom":true}
        Engine: "a" → "b"; replaces: maybe
      replaced Elsewhere {"custom":true}
        ServiceToken: "arn:a" → "arn:b"; replaces: yes"
    `);
  });

  test("is replaced by a property within one that comes, goes or is deeper", () => {
    const template = (uid: string, key: string) => `
Resources:
  Point:
    Type: AWS::EFS::AccessPoint
    Properties: { RootDirectory: ${uid}, Tags: [{ Key: ${key}, Value: v }] }`;
    const one = { template: template("{ CreationInfo: { OwnerUid: 1, Permissions: 2 } }", "a") };
    expect(shown(update(one, { template: template("{ CreationInfo: { OwnerUid: 2, Permissions: 2 } }", "a") })))
      .toMatchInlineSnapshot(`
      "replaced Point {}
        RootDirectory.CreationInfo.OwnerUid: "1" → "2"; replaces: yes"
    `);
    expect(shown(update(one, { template: template("{ Path: / }", "a") }))).toMatchInlineSnapshot(`
      "replaced Point {}
        RootDirectory.CreationInfo: {"OwnerUid":"1","Permissions":"2"} → undefined; replaces: yes
        RootDirectory.Path: undefined → "/""
    `);
    expect(shown(update(one, { template: template("{ CreationInfo: { OwnerUid: 1, Permissions: 3 } }", "b") })))
      .toMatchInlineSnapshot(`
      "replaced Point {}
        RootDirectory.CreationInfo.Permissions: "2" → "3"
        Tags[a]: {"Key":"a","Value":"v"} → undefined; replaces: yes
        Tags[b]: undefined → {"Key":"b","Value":"v"}; replaces: yes"
    `);
  });

  test("that is replaced under a name that stays cannot be made", () => {
    const role = (name: string, path: string) =>
      `Resources: { Role: { Type: AWS::IAM::Role, Properties: { RoleName: ${name}, Path: ${path} } } }`;
    const [one, other] = [{ template: role("a", "/") }, { template: role("a", "/x/") }];
    expect(update(one, other).resources[0]?.nameTaken).toEqual(["RoleName"]);
    expect(update(one, { template: role("b", "/x/") }).resources[0]?.nameTaken).toBeUndefined();
  });
});

describe("what is replaced", () => {
  test("changes what takes something from it, and that may be replaced in its turn", () => {
    const template = (encrypted: boolean) => `
Resources:
  Service:
    Type: AWS::ECS::Service
    Properties: { TaskDefinition: !Ref Task, Role: !GetAtt Role.Arn }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: api
      ContainerDefinitions: [{ Name: api, Environment: [{ Name: FILES, Value: !Sub "\${Files}:/" }] }]
  Target: { Type: AWS::EFS::MountTarget, Properties: { FileSystemId: !Ref Files, SubnetId: subnet } }
  Files: { Type: AWS::EFS::FileSystem, Properties: { Encrypted: ${encrypted} } }
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: a } }
Outputs:
  Files: { Value: !Ref Files, Export: { Name: !Sub "\${AWS::StackName}-Files" } }
  Role: { Value: !Ref Role }`;
    expect(shown(update({ template: template(true) }, { template: template(false) }))).toMatchInlineSnapshot(`
      "changed Service {}
        TaskDefinition: {"Ref":"Task"} → {"Ref":"Task"}; because of Task
      replaced Task {}
        ContainerDefinitions[api].Environment[FILES].Value: {"Fn::Sub":"\${Files}:/"} → {"Fn::Sub":"\${Files}:/"}; replaces: yes; because of Files
      replaced Target {}
        FileSystemId: {"Ref":"Files"} → {"Ref":"Files"}; replaces: yes; because of Files
      replaced Files {"holds":"files"}
        Encrypted: "true" → "false"; replaces: yes
      output Files changed "shop-test-api-Files"
        Value: {"Ref":"Files"} → {"Ref":"Files"}; because of Files"
    `);
  });

  test("is not certain where the cause is not", () => {
    const template = (engine: string) => `
Resources:
  Database: { Type: AWS::RDS::DBInstance, Properties: { Engine: ${engine} } }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties: { Family: !Join ["-", [api, !GetAtt Database.Endpoint.Address]] }`;
    expect(shown(update({ template: template("a") }, { template: template("b") }))).toMatchInlineSnapshot(`
      "may be replaced Database {"holds":"records"}
        Engine: "a" → "b"; replaces: maybe
      may be replaced Task {}
        Family: {"Fn::Sub":"api-\${Database.Endpoint.Address}"} → {"Fn::Sub":"api-\${Database.Endpoint.Address}"}; not certain; replaces: yes; because of Database"
    `);
  });
});

describe("values", () => {
  const template = `
Parameters:
  App: { Type: String }
  Count: { Type: Number, Default: 1 }
  Zones: { Type: CommaDelimitedList, Default: "a, b" }
  Secret: { Type: String, NoEcho: true }
  Image: { Type: "AWS::SSM::Parameter::Value<String>" }
Mappings: { Sizes: { small: { Cpu: 256 }, large: { Cpu: 1024 } } }
Conditions:
  Large: !Equals [!Ref Count, 2]
  Named: !And [!Condition Large, !Not [!Equals [!Ref App, ""]]]
  Hidden: !Equals [!Ref Secret, ""]
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Join ["-", [!Ref App, !Ref AWS::Region]]
      Cpu: !FindInMap [Sizes, !If [Large, large, small], Cpu]
      Volumes: !Ref Zones
      Second: !Select [1, !Ref Zones]
      Secret: !Ref Secret
      Image: !Ref Image
      Nothing: !If [Named, yes it is, !Ref AWS::NoValue]
      Depends: !If [Hidden, a, b]
  Extra: { Type: AWS::SQS::Queue, Condition: Named }
Outputs:
  Size: { Condition: Named, Value: !Ref Count, Export: { Name: !Sub "\${App}-\${!Size}" } }`;
  const parameters = { App: "shop", Secret: "one", Image: "/images/a" };

  test("are what the parameters make of them, and a change of a parameter shows where it counts", () => {
    const after = {
      template,
      parameters: { ...parameters, Count: "2", Zones: "a,c", Image: "/images/b", Secret: "two" },
    };
    expect(shown(update({ template, parameters }, after))).toMatchInlineSnapshot(`
      "replaced Task {}
        Cpu: "256" → "1024"; replaces: yes
        Volumes: ["a","b"] → ["a","c"]
        Second: "b" → "c"
        Image: "{{resolve:ssm:/images/a}}" → "{{resolve:ssm:/images/b}}"; not certain
        Nothing: undefined → "yes it is"
      added Extra {"holds":"messages"}
      output Size added "shop-\${Size}""
    `);
  });

  test("are the same however they are written", () => {
    const one = `
Resources:
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      A: !Sub "arn:\${AWS::Partition}:x:\${Bucket.Arn}/*"
      B: { Ref: Bucket }
      C: !Split [",", !Join [",", [a, b]]]
      D: !Sub ["\${name}-\${AWS::AccountId}", { name: !GetAtt Bucket.Name }]
      E: 0755
      F: '{"a": [1, "b"]}'
      G: !ImportValue env-Id
      H: !GetAtt [Bucket, Arn.Deep]
  Bucket: { Type: AWS::S3::Bucket }`;
    const other = JSON.stringify({
      Resources: {
        Rule: {
          Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
          Properties: {
            A: { "Fn::Join": ["", ["arn:aws:x:", { "Fn::GetAtt": "Bucket.Arn" }, "/*"]] },
            B: { "Fn::Sub": "${Bucket}" },
            C: ["a", "b"],
            D: { "Fn::Join": ["-", [{ "Fn::GetAtt": ["Bucket", "Name"] }, "123456789012"]] },
            E: "0755",
            F: '{\n  "a": [\n    1,\n    "b"\n  ]\n}',
            G: "c-1",
            H: { "Fn::Sub": "${Bucket.Arn.Deep}" },
          },
        },
        Bucket: { Type: "AWS::S3::Bucket" },
      },
    });
    expect(shown(update({ template: one }, { template: other }))).toBe("");
    expect(shown(update({ template: other }, { template: one }))).toBe("");
  });

  const rule = (arn: string) => `
Resources:
  Rule: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: ${arn} } }
  Action: { Type: Custom::Environment, DeletionPolicy: Retain, Properties: { ServiceToken: a } }`;

  test("that only the deployment knows may be others, unless they are told", () => {
    const [asked, imported] = [
      { template: rule("!GetAtt Action.Listener") },
      { template: rule("!ImportValue env-Id") },
    ];
    expect(shown(update(asked, imported))).toMatchInlineSnapshot(`
      "may be replaced Rule {}
        ListenerArn: {"Fn::GetAtt":["Action","Listener"]} → "c-1"; not certain; replaces: yes"
    `);
    expect(shown(update(asked, imported, { attributes: { "Action.Listener": "c-1" } }))).toBe("");
    expect(shown(update(asked, imported, { attributes: { "Action.Listener": "c-2" } }))).toMatchInlineSnapshot(`
      "replaced Rule {}
        ListenerArn: {"Fn::GetAtt":["Action","Listener"]} → "c-1"; replaces: yes"
    `);
  });

  test("of a stack's condition that cannot be told may be there or not", () => {
    const conditional = (condition: string) => `
Parameters: { Secret: { Type: String, NoEcho: true } }
Conditions: { Open: ${condition} }
Resources: { Queue: { Type: AWS::SQS::Queue, Condition: Open } }`;
    const [never, open, always] = [`!Equals [a, b]`, `!Equals [!Ref Secret, ""]`, `!Equals [a, a]`].map(
      (condition) => ({
        template: conditional(condition),
      }),
    ) as [Side, Side, Side];
    expect(shown(update(open, open))).toBe("");
    expect([
      shown(update(never, open)),
      shown(update(open, never)),
      shown(update(always, open)),
      shown(update(always, never)),
    ]).toMatchInlineSnapshot(`
      [
        "may be added Queue {"holds":"messages"}",
        "may be removed Queue {"holds":"messages"}",
        "may be removed Queue {"holds":"messages"}",
        "removed Queue {"holds":"messages"}",
      ]
    `);
  });
});

test("lists are compared by what their items are called, else by place, and their order counts", () => {
  const template = (list: string) =>
    `Resources: { Cdn: { Type: AWS::CloudFront::Distribution, Properties: { L: ${list} } } }`;
  const difference = (a: string, b: string) => shown(update({ template: template(a) }, { template: template(b) }));
  expect([
    difference("[{ Name: a, V: 1 }, { Name: b, V: 2 }]", "[{ Name: b, V: 3 }, { Name: a, V: 1 }]"),
    difference("[{ A: 1 }, { A: 2 }, { A: 3 }]", "[{ A: 1 }, { A: 9 }, { A: 2 }, { A: 3 }]"),
    difference("[{ A: 1 }, { A: 2 }, { A: 3 }]", "[{ A: 3 }]"),
    difference("[a, b]", "[b, a]"),
    difference("[]", "[{ Name: a }]"),
    difference("[]", "{}"),
    difference("'[1]'", "'{}'"),
    difference(`'{"S": [1, 2]}'`, `'{"S": [1, 3]}'`),
  ]).toMatchInlineSnapshot(`
    [
      "changed Cdn {}
      L[b].V: "2" → "3"
      L(order): ["a","b"] → ["b","a"]",
      "changed Cdn {}
      L[1]: undefined → {"A":"9"}",
      "changed Cdn {}
      L[0]: {"A":"1"} → undefined
      L[1]: {"A":"2"} → undefined",
      "changed Cdn {}
      L: ["a","b"] → ["b","a"]",
      "changed Cdn {}
      L[a]: undefined → {"Name":"a"}",
      "changed Cdn {}
      L: [] → {}",
      "changed Cdn {}
      L: ["1"] → {}",
      "changed Cdn {}
      L.S: ["1","2"] → ["1","3"]",
    ]
  `);
});

test("a stack's own tags and outputs change with it", () => {
  const outputs = (text: string) => `${bucket("")}Outputs: ${text}`;
  const before = {
    template: outputs("{ A: { Value: 1, Export: { Name: a } }, B: { Value: 2 } }"),
    tags: { a: "1", b: "2" },
  };
  const after = { template: outputs("{ B: { Value: 3 }, C: { Value: 4 } }"), tags: { a: "2", c: "3" } };
  expect(shown(update(before, after))).toMatchInlineSnapshot(`
    "output A removed "a"
    output B changed 
      Value: "2" → "3"
    output C added 
    tag  a: "1" → "2"
    tag  b: "2" → undefined
    tag  c: undefined → "3""
  `);
});

/** Properties with everything that values may be. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "", 1, true, "${", '{"a":1}'),
    fc.constantFrom("P", "Q", "B", "AWS::Region", "AWS::NoValue").map((Ref) => ({ Ref })),
    fc.constantFrom("B.Arn", "C.Outputs.X").map((name) => ({ "Fn::GetAtt": name })),
    fc.constantFrom("${P}-${B}", "${AWS::AccountId}", "x", "${!P}").map((text) => ({ "Fn::Sub": text })),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("Name", "Key", "A", "B"), tie("value"), { maxKeys: 3 }),
    fc.tuple(fc.constantFrom("Yes", "No", "Open"), tie("value"), tie("value")).map((args) => ({ "Fn::If": args })),
    fc.array(tie("value"), { maxLength: 3 }).map((parts) => ({ "Fn::Join": ["-", parts] })),
  ),
})).value;

const templates = fc
  .dictionary(
    fc.constantFrom("A", "B", "C", "D"),
    fc.record(
      {
        Type: fc.constantFrom("AWS::S3::Bucket", "AWS::ECS::TaskDefinition", "Custom::X", "No::Such::Type"),
        Condition: fc.constantFrom("Yes", "No", "Open"),
        DependsOn: fc.constantFrom("A", ["B", "C"]),
        DeletionPolicy: fc.constantFrom("Retain", "Delete"),
        Properties: fc.dictionary(fc.constantFrom("BucketName", "Cpu", "X"), values, { maxKeys: 3 }),
      },
      { requiredKeys: ["Type"] },
    ),
    { maxKeys: 4 },
  )
  .map((Resources) => ({
    Parameters: { P: { Type: "String" }, Q: { Type: "CommaDelimitedList", Default: "a,b" } },
    Conditions: {
      Yes: { "Fn::Equals": ["a", "a"] },
      No: { "Fn::Not": [{ Condition: "Yes" }] },
      Open: { "Fn::Equals": [{ Ref: "P" }, "x"] },
    },
    Resources,
  })) as fc.Arbitrary<ReturnType<typeof readTemplate>>;

test("a template does not differ from itself, whatever is in it", () => {
  fc.assert(
    fc.property(templates, fc.option(fc.constant("x"), { nil: undefined }), (template, P) => {
      const parameters: Record<string, string> = P === undefined ? {} : { P };
      const state = { template, parameters };
      const again = { template: readTemplate(JSON.stringify(template)), parameters };
      expect(stackUpdate({ before: state, after: again, schemas })).toEqual({ resources: [], outputs: [], tags: [] });
    }),
  );
});

test("no update deletes a custom resource that is detached, and one that does is refused", () => {
  fc.assert(
    fc.property(templates, templates, (a, b) => {
      const [before, after] = [a, b].map((template) => ({ template, parameters: { P: "x" } }));
      if (!before || !after) throw new Error("two sides");
      const deleted = (state: typeof before) =>
        stackUpdate({ before: state, after, schemas }).resources.filter(
          (each) => each.custom && each.action === "removed",
        );
      const detached = { ...before, template: detach(a) };
      expect(deleted(detached)).toEqual([]);
      expect(() => requireDetached(detached, after)).not.toThrow();
      if (deleted(before).length > 0) expect(() => requireDetached(before, after)).toThrow(deleted(before)[0]?.id);
      if (!Object.values(a.Resources).some(isCustomResource))
        expect(() => requireDetached(before, after)).not.toThrow();
    }),
  );
});

test("what one update adds and removes, the one back removes and adds", () => {
  fc.assert(
    fc.property(templates, templates, (a, b) => {
      const parameters = { P: "x" };
      const [before, after] = [
        { template: a, parameters },
        { template: b, parameters },
      ];
      const ids = (one: StackUpdate, ...actions: string[]) =>
        one.resources.flatMap(({ id, action }) => (actions.includes(action) ? [id] : [])).toSorted();
      const [there, back] = [
        stackUpdate({ before, after, schemas }),
        stackUpdate({ before: after, after: before, schemas }),
      ];
      expect(ids(there, "added")).toEqual(ids(back, "removed", "retained"));
      expect(ids(there, "changed", "replaced")).toEqual(ids(back, "changed", "replaced"));
      for (const { action, properties, attributes, certain } of there.resources) {
        if (action === "changed") expect(properties.length + attributes.length).toBeGreaterThan(0);
        if (action === "changed") expect(properties.every(({ replaces }) => replaces === "no")).toBe(true);
        if (action === "replaced" && certain)
          expect(properties.some((each) => each.replaces === "yes" && each.certain)).toBe(true);
      }
    }),
  );
});

test("names that JavaScript's objects have are names like others", () => {
  const resources = (more: string) => ({
    template: `
Parameters: { constructor: { Type: String, Default: a } }
Resources:
  X: { Type: constructor, Properties: { A: { toString: 1 }, B: !Ref valueOf, C: !Ref constructor } }
  ${more}
Outputs: { valueOf: { Value: 1 } }
`,
  });
  const own = resources("constructor: { Type: 'AWS::SQS::Queue', Properties: { __proto__: 1 } }");
  expect(shown(update(own, own))).toBe("");
  const other = {
    template: own.template
      .replace(/  constructor: .*/, "")
      .replace("toString", "a")
      .replace("valueOf: {", "b: {"),
  };
  expect(shown(update(own, other))).toMatchInlineSnapshot(`
    "may be replaced X {}
      A.toString: "1" → undefined; replaces: maybe
      A.a: undefined → "1"; replaces: maybe
    removed constructor {"holds":"messages"}
    output valueOf removed 
    output b added "
  `);
  expect(shown(update(other, own))).toMatchInlineSnapshot(`
    "may be replaced X {}
      A.a: "1" → undefined; replaces: maybe
      A.toString: undefined → "1"; replaces: maybe
    added constructor {"holds":"messages"}
    output b removed 
    output valueOf added "
  `);
});
