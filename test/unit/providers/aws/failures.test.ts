import fc from "fast-check";
import { expect, test } from "vitest";
import { denialIn, statementFor } from "../../../../src/providers/aws/failures/denied.ts";
import { redact } from "../../../../src/providers/aws/failures/redact.ts";

const who = "arn:aws:sts::123456789012:assumed-role/deployer/ci";

test("a denial is found in the reason of a stack's event too", () => {
  const reason = `Resource handler returned message: "User: ${who} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/shop-test-front-TaskRole because no identity-based policy allows the iam:PassRole action (Service: Iam, Status Code: 403, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: AccessDenied)`;
  expect(denialIn(reason)).toEqual({
    who,
    action: "iam:PassRole",
    resource: "arn:aws:iam::123456789012:role/shop-test-front-TaskRole",
  });
  const api = `API: ecs:CreateService User: ${who} is not authorized to perform: ecs:CreateService on resource: arn:aws:ecs:us-west-2:123456789012:service/shop/api with an explicit deny in an identity-based policy`;
  expect(denialIn(api)).toEqual({
    who,
    action: "ecs:CreateService",
    resource: "arn:aws:ecs:us-west-2:123456789012:service/shop/api",
    deniedBy: "identity-based policy",
  });
  expect(denialIn("Resource creation cancelled")).toBeUndefined();
});

test("whoever is denied what, the statement allows just that", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{1,20}$/);
  const action = fc.tuple(word, fc.stringMatching(/^[A-Z][A-Za-z0-9]{1,30}$/)).map((pair) => pair.join(":"));
  const resource = fc.tuple(word, word).map(([service, name]) => `arn:aws:${service}:us-west-2:123456789012:${name}/*`);
  const ends = [
    " because no identity-based policy allows it",
    " with an explicit deny in a service control policy",
    "",
    ".",
  ];
  fc.assert(
    fc.property(action, resource, fc.constantFrom(...ends), (denied, on, end) => {
      const found = denialIn(`User: ${who} is not authorized to perform: ${denied} on resource: ${on}${end}`);
      expect(found).toMatchObject({ who, action: denied, resource: on });
      expect(JSON.parse(statementFor(found ?? {}).join(""))).toEqual({ Effect: "Allow", Action: denied, Resource: on });
    }),
  );
});

test("no token is left in a text, wherever it stands", () => {
  const base64 = fc.stringMatching(/^[A-Za-z0-9+/]{60,200}$/);
  const around = fc.string();
  fc.assert(
    fc.property(base64, around, around, (secret, before, after) => {
      const token = `IQoJb3JpZ2luX2VjE${secret}`;
      for (const text of [
        ` ${token} `,
        `x-amz-security-token:${token}\n`,
        `?X-Amz-Security-Token=${encodeURIComponent(token)}&`,
      ])
        expect(redact(`${before} ${text} ${after}`)).not.toContain(secret);
    }),
  );
});

test("what holds no secret stays as it is", () => {
  fc.assert(
    fc.property(fc.lorem({ mode: "sentences" }), (text) => {
      expect(redact(text)).toBe(text);
    }),
  );
});
