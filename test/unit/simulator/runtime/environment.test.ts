import { expect, test } from "vitest";
import { efsFolders } from "../../../../src/simulator/runtime/efs.ts";
import { parseEnvFile } from "../../../../src/simulator/runtime/env-file.ts";
import { environmentOf, withoutSecrets } from "../../../../src/simulator/runtime/environment.ts";
import { taskWith } from "../../../contract/runtime/harness.ts";

test("an environment file is read as the ECS agent reads it", () => {
  const file = [
    "# comment",
    " # no comment=kept",
    "PLAIN=value",
    "SPACES =  as they are  ",
    'QUOTES="as they are"',
    "EQUALS=a=b=",
    "HASH=a # b",
    "TWICE=first",
    "TWICE=last",
    "NOTHING=",
    "=no name",
    "no equals sign",
    "",
    "CARRIAGE=return\r",
    "LAST=without line feed",
  ].join("\n");
  expect(parseEnvFile(file)).toMatchInlineSnapshot(`
    {
      " # no comment": "kept",
      "CARRIAGE": "return",
      "EQUALS": "a=b=",
      "HASH": "a # b",
      "LAST": "without line feed",
      "PLAIN": "value",
      "QUOTES": ""as they are"",
      "SPACES ": "  as they are  ",
      "TWICE": "last",
    }
  `);
});

test("secrets win over variables, these over files, and the first file over the second", () => {
  const file = (value: string) => ({ type: "s3" as const, value: `arn:aws:s3:::files/${value}.env` });
  const task = taskWith({
    environment: [
      { name: "A", value: "environment" },
      { name: "B", value: "environment" },
    ],
    environmentFiles: [file("1"), file("2")],
    secrets: [{ name: "A", valueFrom: "a" }],
  });
  task.values = {
    secrets: { api: { A: "secret" } },
    environmentFiles: { api: ["A=first\nB=first\nC=first", "A=second\nB=second\nC=second\nD=second"] },
  };
  expect(environmentOf(task, "api")).toEqual({ A: "secret", B: "environment", C: "first", D: "second" });
});

test("a value with a null character is refused without being shown", () => {
  const task = taskWith({ secrets: [{ name: "A", valueFrom: "a" }] });
  task.values = { secrets: { api: { A: "marker\0secret" } }, environmentFiles: {} };
  expect(() => environmentOf(task, "api")).toThrowErrorMatchingInlineSnapshot(
    `[Error: CannotCreateContainerError: the value of A contains a null character]`,
  );
});

test("every secret is taken out of a message, the longer before those that it contains", () => {
  const task = taskWith({ secrets: [] });
  task.values = { secrets: { api: { A: "pass", B: "password", C: "" } }, environmentFiles: { api: ["D=filed"] } };
  expect(withoutSecrets(task, "api", "user password:pass is not filed")).toBe("user ***:*** is not ***");
});

test("an EFS volume is a folder below its file system's, whatever its root directory says", () => {
  const folder = (efs: { fileSystemId: string; rootDirectory?: string; accessPointId?: string }) => {
    const { accessPointId, ...rest } = efs;
    const task = taskWith({});
    const authorizationConfig = accessPointId === undefined ? {} : { authorizationConfig: { accessPointId } };
    task.plan.taskDefinition.volumes = [{ name: "v", efsVolumeConfiguration: { ...rest, ...authorizationConfig } }];
    task.accessPoints = { "fsap-1": { path: "/api", uid: 1000, gid: 1000 } };
    return efsFolders(task, "/state/efs").map(({ path }) => path);
  };
  expect(
    [
      folder({ fileSystemId: "fs-1" }),
      folder({ fileSystemId: "fs-1", rootDirectory: "/" }),
      folder({ fileSystemId: "fs-1", rootDirectory: "/a/../b/" }),
      folder({ fileSystemId: "fs-1", rootDirectory: "../../etc" }),
      folder({ fileSystemId: "managed-shop-test", rootDirectory: "/", accessPointId: "fsap-1" }),
      folder({ fileSystemId: "fs-1", accessPointId: "fsap-of/another" }),
    ].flat(),
  ).toMatchInlineSnapshot(`
    [
      "/state/efs/fs-1",
      "/state/efs/fs-1",
      "/state/efs/fs-1/b",
      "/state/efs/fs-1/etc",
      "/state/efs/managed-shop-test/api",
      "/state/efs/fs-1/.access-points/fsap-of%2Fanother",
    ]
  `);
});
