import { expect, test } from "vitest";
import { mergeHistory } from "../../../src/actions/past-deployments.ts";
import type { PastDeployment } from "../../../src/providers/account/history.ts";
import type { ServiceDeployment } from "../../../src/providers/account/services.ts";

const noon = (minute: number) => `2026-11-21T12:0${minute}:00.000Z`;

const recorded = (minute: number, more: Partial<PastDeployment> = {}): PastDeployment => ({
  app: "shop",
  env: "test",
  name: "api",
  at: noon(minute),
  images: { api: { name: `shop/api:${minute}` } },
  by: "arn:aws:iam::123456789012:user/ann",
  result: "completed",
  template: "0",
  ...more,
});

const remembered = (minute: number, revision: number, more: Partial<ServiceDeployment> = {}): ServiceDeployment => ({
  deploymentId: `ecs-svc/${minute}`,
  at: noon(minute),
  result: "completed",
  revision,
  images: { api: { name: `shop/api:${revision}`, id: `sha256:${revision}` } },
  serves: false,
  ...more,
});

/** A line for each: the mark, time, revision, result, what can be deployed again, who. */
function lines(records: PastDeployment[], ecs: ServiceDeployment[]): string[] {
  return mergeHistory(records, ecs).map(({ serves, at, revision, result, restores, by, record }) =>
    [serves ? "*" : " ", at.slice(11, 16), revision, result, restores, by?.split("/")[1], record?.at.slice(11, 16)]
      .map((each) => each ?? "-")
      .join(" "),
  );
}

test("a record and what ECS remembers of the same deployment are one", () => {
  const records = [recorded(2, { deploymentId: "ecs-svc/2", revision: 8 }), recorded(1, { deploymentId: "ecs-svc/1" })];
  const ecs = [remembered(2, 8, { serves: true }), remembered(1, 7)];
  expect(lines(records, ecs)).toEqual(["* 12:02 8 completed stack ann 12:02", "  12:01 7 completed stack ann 12:01"]);
  expect(mergeHistory(records, ecs)[1]?.images).toEqual({ api: { name: "shop/api:1" } });
});

test("of deployments that others made the image is known", () => {
  const ecs = [remembered(2, 8, { serves: true }), remembered(1, 7, { result: "failed" }), remembered(0, 6)];
  expect(lines([], ecs)).toEqual([
    "* 12:02 8 completed image - -",
    "  12:01 7 failed - - -",
    "  12:00 6 completed image - -",
  ]);
});

test("one that was not followed is what ECS says of the first one after it", () => {
  const records = [recorded(4, { deploymentId: "ecs-svc/5" }), recorded(1, { result: "detached" })];
  const ecs = [
    remembered(5, 9, { serves: true }),
    remembered(3, 6, { deploymentId: "ecs-svc/3" }),
    remembered(2, 8, { result: "failed", reason: "tasks failed to start" }),
  ];
  expect(lines(records, ecs)).toEqual([
    "* 12:04 9 completed stack ann 12:04",
    "  12:03 6 completed image - -",
    "  12:01 8 failed - ann 12:01",
  ]);
});

test("one that nobody knows the end of stays what it was recorded as", () => {
  expect(lines([recorded(1, { result: "interrupted" })], [])).toEqual(["  12:01 - interrupted - ann 12:01"]);
  const records = [recorded(3, { result: "timeout", deploymentId: "ecs-svc/3" })];
  expect(lines(records, [remembered(3, 2, { result: "in-progress" })])).toEqual(["  12:03 2 in-progress - ann 12:03"]);
});

test("a deploy that replaced no task serves, and what CloudFormation went back to is known by its revision", () => {
  const settings = recorded(4, { revision: 8 });
  const records = [settings, recorded(2, { deploymentId: "ecs-svc/2", revision: 8 })];
  const back = remembered(3, 8, { serves: true });
  expect(lines(records, [back, remembered(2, 8)])).toEqual([
    "* 12:04 8 completed stack ann 12:04",
    "  12:03 8 completed stack - 12:04",
    "  12:02 8 completed stack ann 12:02",
  ]);
});

test("of what is no service of ECS the newest one that succeeded serves", () => {
  expect(lines([recorded(3, { result: "failed" }), recorded(2), recorded(1)], [])).toEqual([
    "  12:03 - failed - ann 12:03",
    "* 12:02 - completed stack ann 12:02",
    "  12:01 - completed stack ann 12:01",
  ]);
});
