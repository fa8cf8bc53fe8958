import { expect, test } from "vitest";
import { containerHint } from "../../../../src/providers/deployment/container-hint.ts";
import type { DeployedVersion, EndedTask } from "../../../../src/providers/deployment/ended-task.ts";
import { failedContainer } from "../../../../src/providers/deployment/explain-stop.ts";

type Definition = Record<string, unknown> & { name: string };

function hint(
  stopped: Partial<EndedTask>,
  containers: Record<string, unknown>[],
  { logs = [], definitions = [] }: { logs?: string[]; definitions?: Definition[] } = {},
): string | undefined {
  const task = {
    targets: [],
    ...stopped,
    containers: containers.map((one) => ({ essential: true, attempt: 1, lastStatus: "STOPPED", ...one })),
  } as unknown as EndedTask;
  const taskDefinition = { memory: "512", containerDefinitions: definitions };
  const version = { name: "api", env: "local", taskDefinition } as unknown as DeployedVersion;
  return containerHint(task, failedContainer(task), version, { on: "local", lastLogs: logs });
}

const failedToStart = (stoppedReason: string) => ({ stopCode: "TaskFailedToStart" as const, stoppedReason });
const exited = {
  stopCode: "EssentialContainerExited" as const,
  stoppedReason: "Essential container in task exited",
};

test("too little memory names the field that gives it", () => {
  const oom = {
    name: "api",
    startedAt: 1,
    exitCode: 137,
    reason: "OutOfMemoryError: Container killed due to memory usage",
  };
  expect(hint(exited, [oom])).toMatchInlineSnapshot(`"raise memory in the manifest (now 512 MiB)"`);
  expect(hint(exited, [oom], { definitions: [{ name: "api", memory: 64 }] })).toMatchInlineSnapshot(
    `"raise the memory of api (now 64 MiB, by taskdef_overrides)"`,
  );
});

test("a program that is not there, may not be run, or is for another processor", () => {
  const start = (words: string) => {
    const reason = `CannotStartContainerError: OCI runtime create failed: ${words}: unknown`;
    return hint(failedToStart(reason), [{ name: "api", reason }]);
  };
  expect(start(`exec: "serve": executable file not found in $PATH`)).toMatchInlineSnapshot(
    `"there is no serve in the image: check entrypoint and command of the manifest, and the image's ENTRYPOINT and CMD"`,
  );
  expect(start(`exec: "/app/serve": stat /app/serve: no such file or directory`)).toMatchInlineSnapshot(
    `"there is no /app/serve in the image: check entrypoint and command of the manifest, and the image's ENTRYPOINT and CMD"`,
  );
  expect(start(`exec: "/app/serve": permission denied`)).toMatchInlineSnapshot(
    `"/app/serve may not be run: make it executable in the image (COPY --chmod=755, or RUN chmod +x)"`,
  );
  expect(start("exec format error")).toMatchInlineSnapshot(
    `"the image is for another processor: build it for the platform that the manifest asks for"`,
  );
  expect(start("something else")).toMatchInlineSnapshot(
    `"check that the image's ENTRYPOINT and CMD name a program that is in the image"`,
  );
});

test("a dependency that ended badly, took too long or never started", () => {
  const text = (why: string) => `CannotStartContainerError: dependency graph: ${why}`;
  const ordering = "container ordering dependency [db] for target [api]";
  const waiting = (why: string, db: object) =>
    hint(
      failedToStart(text(why)),
      [
        { name: "db", ...db },
        { name: "api", exitCode: 143, reason: text(why) },
      ],
      {
        definitions: [{ name: "db", startTimeout: 30, healthCheck: { command: ["CMD", "pg_isready"] } }],
      },
    );
  expect(
    waiting(`failed to resolve ${ordering} as dependency did not exit successfully.`, { startedAt: 1, exitCode: 3 }),
  ).toMatchInlineSnapshot(
    `"api waits for db to end with 0, and it ended with 3: see what it logged, or write image.depends_on.db: complete"`,
  );
  expect(waiting(`${ordering} has timed out.`, { startedAt: 1 })).toMatchInlineSnapshot(
    `"api waited for db, which took longer than its start time-out of 30 s; its health check is CMD pg_isready"`,
  );
  expect(waiting(`failed to resolve ${ordering} because dependency will never start`, {})).toMatchInlineSnapshot(
    `"api waits for db, which could not be started"`,
  );
});

test("a container health check that failed is shown with the command that tries it", () => {
  const unhealthy = {
    stopCode: "ServiceSchedulerInitiated" as const,
    stoppedReason: "Task failed container health checks",
  };
  const healthCheck = {
    command: ["CMD-SHELL", "curl -f http://localhost/ || exit 1"],
    retries: 2,
    timeout: 5,
    startPeriod: 0,
  };
  const definitions = [{ name: "api", healthCheck }];
  expect(hint(unhealthy, [{ name: "api", health: "UNHEALTHY" }], { definitions })).toMatchInlineSnapshot(
    `"the health check of api failed 2 times (time-out 5 s, start period 0 s); the image has to have curl. Try it in the next task: pilotfish svc exec -n api -e local --container api --command "/bin/sh -c 'curl -f http://localhost/ || exit 1'""`,
  );
  expect(hint(unhealthy, [{ name: "api", health: "UNHEALTHY" }])).toBeUndefined();
});

test("what a program said last, and its exit code, tell as much as they can", () => {
  const ended = (exitCode: number, ...logs: string[]) =>
    hint(exited, [{ name: "api", startedAt: 1, exitCode }], { logs });
  expect(ended(1, "Error: listen EADDRINUSE: address already in use :::8080")).toMatchInlineSnapshot(
    `"the containers of a task share localhost and its ports: api wants one that another container has"`,
  );
  expect(ended(1, "sh: can't create /data/x: Read-only file system")).toMatchInlineSnapshot(
    `"a volume is read-only unless it says read_only: false, and so is all else with storage.readonly_fs: true"`,
  );
  expect(ended(1, "exec /app: exec format error")).toMatchInlineSnapshot(
    `"the image is for another processor: build it for the platform that the manifest asks for"`,
  );
  expect([ended(126), ended(127), ended(139)]).toMatchInlineSnapshot(`
    [
      "exit code 126: a shell found a command and may not run it (chmod +x)",
      "exit code 127: a shell did not find a command that it was to run",
      "exit code 139: the program crashed (SIGSEGV)",
    ]
  `);
  expect(ended(1, "bye")).toBeUndefined();
});
