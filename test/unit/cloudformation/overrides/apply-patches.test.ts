import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPatches } from "../../../../src/cloudformation/overrides/apply-patches.ts";
import { pointerOf, stepsOf } from "../../../../src/cloudformation/overrides/pointer.ts";
import { readPatches } from "../../../../src/cloudformation/overrides/read-patches.ts";
import { ifCondition, ref, sub } from "../../../../src/cloudformation/intrinsics.ts";
import type { Template } from "../../../../src/cloudformation/template.ts";
import { writeTemplate } from "../../../../src/cloudformation/write-template.ts";

const template: Template = {
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "d",
  Parameters: {},
  Conditions: {},
  Resources: {
    "a/b~c": { Type: "AWS::SNS::Topic", Properties: { TopicName: "t" } },
    Task: {
      Type: "AWS::ECS::TaskDefinition",
      Properties: {
        Cpu: ref("TaskCPU"),
        Family: sub("${AppName}-x"),
        Containers: [
          {
            Name: "main",
            Files: [ifCondition("HasEnvFile", { Type: "s3", Value: ref("EnvFileARN") })],
            Environment: [
              { Name: "A", Value: "1" },
              { Name: "B", Value: "2" },
            ],
          },
        ],
      },
    },
  },
};

/** The resources after the patches, and what is said of the file. */
function patched(text: string): string {
  const { patches, places, diagnostics } = readPatches("cfn.patches.yml", text);
  const { template: changed, misfits } = applyPatches(template, patches);
  const problems = [...diagnostics, ...misfits.map(({ patch, ...misfit }) => ({ ...misfit, ...places[patch] }))].map(
    ({ file, line, column, severity, message, hint }) =>
      `${file}:${line}:${column} ${severity} ${message}${hint === undefined ? "" : `\n  ${hint}`}`,
  );
  if (problems.length > 0) return problems.join("\n");
  return writeTemplate(changed).split("Resources:\n")[1] ?? "";
}

test("what is added, replaced and removed", () => {
  const before = structuredClone(template);
  expect(
    patched(`
- op: add
  path: /Resources/Task/Properties/Containers/0/Environment/-
  value: { Name: LAST, Value: !Ref TaskCPU }
- op: add
  path: /Resources/Task/Properties/Containers/0/Environment/0
  value: { Name: FIRST, Value: "0" }
- op: replace
  path: /Resources/Task/Properties/Containers/0/Environment/2/Value
  value: !Sub
    - \${X}-\${AppName}
    - { X: !GetAtt Some.Deep.Thing }
- op: remove
  path: /Resources/Task/Properties/Containers/0/Environment/1
- op: replace
  path: /Resources/Task/Properties/Cpu
  value: 512
- op: add
  path: /Resources/Task/Properties/Tags
  value: []
- op: remove
  path: /Resources/a~1b~0c/Properties/TopicName
- op: replace
  path: /Resources/Task/Properties/Containers/0/Files/0/1/Type
  value: s4
- op: add
  path: /Resources/Task/Properties/Family
  value: { 'Fn::ImportValue': yes }
`),
  ).toMatchInlineSnapshot(`
    "  a/b~c:
        Type: AWS::SNS::Topic
        Properties: {}
      Task:
        Type: AWS::ECS::TaskDefinition
        Properties:
          Cpu: 512
          Family: !ImportValue "yes"
          Containers:
            - Name: main
              Files:
                - !If
                  - HasEnvFile
                  - Type: s4
                    Value: !Ref EnvFileARN
                  - !Ref AWS::NoValue
              Environment:
                - Name: FIRST
                  Value: "0"
                - Name: B
                  Value: !Sub
                    - \${X}-\${AppName}
                    - X: !GetAtt Some.Deep.Thing
                - Name: LAST
                  Value: !Ref TaskCPU
          Tags: []
    "
  `);
  expect(template).toEqual(before);
});

test.for([
  ["a key that is not there", "/Resources/Task/Properties/Container", "replace"],
  ["further down", "/Resources/Task/Property/Containers/0/Name", "replace"],
  ["at the top", "/Resource/Task", "remove"],
  ["an element behind the last one", "/Resources/Task/Properties/Containers/0/Environment/2", "replace"],
  ["a place behind the end", "/Resources/Task/Properties/Containers/0/Environment/3", "add"],
  ["an element by its name", "/Resources/Task/Properties/Containers/main/Environment/-", "add"],
  ["the end where nothing is added", "/Resources/Task/Properties/Containers/0/Environment/-", "remove"],
  ["into a value", "/Resources/Task/Properties/Containers/0/Name/x", "add"],
  ["into a function without a list", "/Resources/Task/Properties/Family/0", "replace"],
  ["no slash", "Resources/Task", "remove"],
  ["nothing to remove from everything", "''", "remove"],
  ["nothing near", "/Resources/Xyzzy", "remove"],
] as const)("a path that does not fit: %s", ([, path, op]) => {
  expect(patched(`- op: ${op}\n  path: ${path}\n  value: 1\n`)).toMatchSnapshot();
});

test.for([
  ["an operation of JSON Patch that Copilot lacks", "- { op: move, from: /a, path: /b }"],
  ["misspelt", "- { op: repalce, path: /Description, value: x }"],
  ["no value", "- { op: add, path: /Description }"],
  ["an empty value", "- { op: replace, path: /Description, value: }"],
  ["an empty value within", "- { op: replace, path: /Description, value: { A: [1, null] } }"],
  ["no path", "- { op: remove }"],
  ["a path that is no text", "- { op: remove, path: [a] }"],
  ["no list", "op: remove\npath: /Description"],
  ["no map", "- /Description"],
  ["a key too many", "- { op: remove, path: /Description, valeu: 1 }"],
  ["no YAML", "- op: [remove"],
] as const)("a file that is not right: %s", ([, text]) => {
  expect(patched(text)).toMatchSnapshot();
});

test.for(["", "# - op: add\n", "---\n", "[]\n"])("a file without patches changes nothing: %j", (text) => {
  expect(patched(text)).toBe(writeTemplate(template).split("Resources:\n")[1]);
});

test("what is meant for the functions that Copilot runs has no effect, and is told", () => {
  expect(
    patched(`
- op: replace
  path: /Resources/EnvControllerFunction/Properties/Runtime
  value: nodejs22.x
`),
  ).toMatchInlineSnapshot(`
    "cfn.patches.yml:3:9 warning \`EnvControllerFunction\` belongs to the functions that Copilot runs in the account; the template does without it, and the patch has no effect
      the patch can be removed"
  `);
});

test("every problem is told, and each is one of its own patch", () => {
  expect(
    patched(`
- { op: remove, path: /Resources/Nope }
- { op: remove, path: /Resources/a~1b~0c }
- { op: remove, path: /Resources/a~1b~0c }
`),
  ).toMatchInlineSnapshot(`
    "cfn.patches.yml:2:23 error \`/Resources\` holds no \`Nope\`
      it holds a/b~c, Task
    cfn.patches.yml:4:23 error \`/Resources\` holds no \`a/b~c\`
      it holds Task"
  `);
});

test("names that JavaScript's objects have are names like others", () => {
  const { Resources } = applyPatches(template, [
    { op: "add", path: "/Resources/__proto__", value: { Type: "AWS::SNS::Topic" } },
    { op: "add", path: "/Resources/constructor", value: { Type: "AWS::SQS::Queue" } },
    { op: "add", path: "/Resources/__proto__/Properties", value: { TopicName: "t" } },
  ]).template;
  expect(Object.entries(Resources).slice(-2)).toEqual([
    ["__proto__", { Type: "AWS::SNS::Topic", Properties: { TopicName: "t" } }],
    ["constructor", { Type: "AWS::SQS::Queue" }],
  ]);
  expect(patched("- { op: add, path: /__proto__/polluted, value: 1 }")).toMatchInlineSnapshot(`
    "cfn.patches.yml:1:20 error the template holds no \`__proto__\`
      it holds AWSTemplateFormatVersion, Description, Parameters, Conditions, Resources"
  `);
});

test.for([
  ["no resources", "- { op: remove, path: /Resources }"],
  ["a number in the place of resources", "- { op: replace, path: /Resources, value: 5 }"],
  ["another map", "- { op: replace, path: '', value: { a: 1 } }"],
  [
    "a resource that is none",
    "- { op: replace, path: /Resources/Task, value: 5 }\n- { op: remove, path: /Description }",
  ],
  ["a resource without its type", "- { op: remove, path: /Resources/Task/Type }"],
  ["a list of parameters", "- { op: replace, path: /Parameters, value: [] }"],
] as const)("what is left of a template has to be one: %s", ([, text]) => {
  expect(patched(text)).toMatchSnapshot();
});

test("sections that are empty may go, and what was taken out may be put back in another form", () => {
  const { template: changed, misfits } = applyPatches(template, [
    { op: "remove", path: "/Parameters" },
    { op: "remove", path: "/Conditions" },
    { op: "remove", path: "/Resources" },
    { op: "add", path: "/Resources", value: { A: { Type: "AWS::SNS::Topic" } } },
  ]);
  expect(misfits).toEqual([]);
  expect(changed).toEqual({ ...template, Resources: { A: { Type: "AWS::SNS::Topic" } } });
});

test("a path with the slashes of another system", () => {
  expect(patched("- { op: remove, path: Resources\\Task\\Type }")).toMatchInlineSnapshot(`
    "cfn.patches.yml:1:23 error \`Resources\\Task\\Type\` is no path: it has to start with a slash
      write \`/Resources/Task/Type\`"
  `);
});

test("a dependency can be added where there is none, or one alone", () => {
  const patches = ["-", "-"].map((end) => ({
    op: "add" as const,
    path: `/Resources/Task/DependsOn/${end}`,
    value: "X",
  }));
  const one = { ...template, Resources: { Task: { Type: "T", DependsOn: "A" } } };
  expect(applyPatches(template, patches).template.Resources["Task"]?.DependsOn).toEqual(["X", "X"]);
  expect(applyPatches(one, patches.slice(1)).template.Resources["Task"]?.DependsOn).toEqual(["A", "X"]);
});

test("what stands in two places is changed in one", () => {
  const tags = [{ Key: "a", Value: "b" }];
  const topic = { Type: "AWS::SNS::Topic", Properties: { Tags: tags } };
  const { template: changed } = applyPatches({ ...template, Resources: { A: topic, B: topic } }, [
    { op: "replace", path: "/Resources/A/Properties/Tags/0/Value", value: "c" },
  ]);
  expect(changed.Resources["A"]?.Properties).toEqual({ Tags: [{ Key: "a", Value: "c" }] });
  expect(changed.Resources["B"]?.Properties).toEqual({ Tags: tags });
});

test("a pointer leads back to its steps", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (steps) => {
      expect(stepsOf(pointerOf(steps))).toEqual(steps);
    }),
  );
});

test("an element that was added can be removed again", () => {
  const path = fc.constantFrom(
    "/Resources/New",
    "/Resources/Task/Properties/Containers/0",
    "/Conditions/C",
    "/Outputs",
  );
  fc.assert(
    fc.property(path, fc.jsonValue(), (at, value) => {
      const add = { op: "add" as const, path: at, value: value as never };
      const { template: back, misfits } = applyPatches(template, [add, { op: "remove", path: at }]);
      expect(misfits).toEqual([]);
      expect(back).toEqual(template);
    }),
  );
});
