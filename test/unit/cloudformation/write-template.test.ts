import { expect, test } from "vitest";
import { getAtt, ifCondition, importEnvironment, join, ref, sub } from "../../../src/cloudformation/intrinsics.ts";
import { writeTemplate } from "../../../src/cloudformation/write-template.ts";

const template = (properties: object) =>
  writeTemplate({
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "d",
    Parameters: {},
    Conditions: {},
    Resources: { A: { Type: "AWS::SNS::Topic", Properties: properties as never } },
  });

test("functions have their short form, but where one tag would follow another", () => {
  expect(
    template({
      Ref: undefined,
      Name: join("-", [ref("AppName"), sub("${EnvName}-x")]),
      Arn: getAtt("Role.Arn"),
      Imported: importEnvironment("VpcId"),
      Maybe: ifCondition("IsIt", { A: 1 }),
      Nothing: undefined,
    }),
  ).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: d
    Resources:
      A:
        Type: AWS::SNS::Topic
        Properties:
          Name: !Join
            - "-"
            - - !Ref AppName
              - !Sub \${EnvName}-x
          Arn: !GetAtt Role.Arn
          Imported:
            Fn::ImportValue: !Sub \${AppName}-\${EnvName}-VpcId
          Maybe: !If
            - IsIt
            - A: 1
            - !Ref AWS::NoValue
    "
  `);
});

test("text that YAML 1.1 reads as something else is quoted", () => {
  const texts = [
    "yes",
    "no",
    "on",
    "~",
    "null",
    "2012-10-17",
    "0755",
    "1e3",
    "12:30",
    "",
    "a: b",
    "a # b",
    "- x",
    "*a",
    "é\n  b\n",
  ];
  expect(template({ Texts: texts, Number: 755, Flag: true })).toMatchInlineSnapshot(`
    "AWSTemplateFormatVersion: "2010-09-09"
    Description: d
    Resources:
      A:
        Type: AWS::SNS::Topic
        Properties:
          Texts:
            - "yes"
            - "no"
            - "on"
            - "~"
            - "null"
            - "2012-10-17"
            - "0755"
            - "1e3"
            - "12:30"
            - ""
            - "a: b"
            - "a # b"
            - "- x"
            - "*a"
            - |
              é
                b
          Number: 755
          Flag: true
    "
  `);
});

test("the attribute of a function may be a function", () => {
  expect(template({ Arn: { "Fn::GetAtt": ["Role", ref("Attribute")] } }).split("Properties:")[1])
    .toMatchInlineSnapshot(`
    "
          Arn: !GetAtt
            - Role
            - !Ref Attribute
    "
  `);
});

test("characters that end a line to some readers are escaped", () => {
  expect(template({ Text: "a\u2028b\u0085c", "K\uFEFF": "é", Plain: "ü" }).split("Properties:")[1])
    .toMatchInlineSnapshot(`
    "
          Text: "a\\u2028b\\u0085c"
          "K\\ufeff": é
          Plain: ü
    "
  `);
});
