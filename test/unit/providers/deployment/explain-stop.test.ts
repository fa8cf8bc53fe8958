import { expect, test } from "vitest";
import type { DeployedVersion, EndedTask } from "../../../../src/providers/deployment/ended-task.ts";
import { explainStop, hasFailed, type Listener } from "../../../../src/providers/deployment/explain-stop.ts";

test("a program that listens on the loopback of its container is told to listen on 0.0.0.0", () => {
  expect(hint(unhealthy("Health checks failed"), [{ address: "127.0.0.1", port: 8080 }])).toMatchInlineSnapshot(
    `"the program listens on 127.0.0.1:8080 only, which nobody outside its container can reach: make it listen on 0.0.0.0:8080"`,
  );
  expect(hint(unhealthy("Health checks failed"), [{ address: "::1", port: 8080 }])).toMatchInlineSnapshot(
    `"the program listens on [::1]:8080 only, which nobody outside its container can reach: make it listen on 0.0.0.0:8080"`,
  );
});

test("a program on another port is told both ports", () => {
  expect(hint(unhealthy("Health checks failed"), [{ address: "0.0.0.0", port: 9000 }])).toMatchInlineSnapshot(
    `"nothing listens on port 8080; the program listens on 0.0.0.0:9000: make image.port and the program agree"`,
  );
});

test("a program that does not listen at all is told where to", () => {
  expect(hint(unhealthy("Health checks failed"), [])).toMatchInlineSnapshot(
    `"nothing listens in the container: the program has to listen on 0.0.0.0:8080 (image.port)"`,
  );
});

test("an answer with the wrong code names the code, the path and the fields that decide", () => {
  const task = unhealthy("Health checks failed with these codes: [404]");
  expect(hint(task, [{ address: "::", port: 8080 }])).toMatchInlineSnapshot(
    `"GET /healthz answered 404, 200 is wanted: set http.healthcheck.path, or http.healthcheck.success_codes, in the manifest"`,
  );
  expect(hint(unhealthy("Request timed out"), undefined)).toMatchInlineSnapshot(
    `"GET /healthz did not answer within 5 s: give http.healthcheck.timeout or grace_period more time, or a cheaper path"`,
  );
});

test("an image that cannot be pulled gives the command that says why", () => {
  const task = failed("TaskFailedToStart", "CannotPullContainerError: not found");
  expect(hint(task, undefined)).toMatchInlineSnapshot(
    `"docker pull shop/api:2    (says whether the image exists and whether you may read it)"`,
  );
});

test("a program that ran out of memory is shown the field", () => {
  const task = failed("EssentialContainerExited", "Essential container in task exited", {
    exitCode: 137,
    reason: "OutOfMemoryError: Container killed due to memory usage",
  });
  expect(hint(task, undefined)).toMatchInlineSnapshot(`"raise memory in the manifest (now 512 MiB)"`);
});

test("a program that ended is shown its logs; one that ended well is told to keep running", () => {
  const text = "Essential container in task exited";
  expect(hint(failed("EssentialContainerExited", text, { exitCode: 3 }), undefined)).toMatchInlineSnapshot(
    `"pilotfish svc logs -n api -e local --previous"`,
  );
  expect(hint(failed("EssentialContainerExited", text, { exitCode: 0 }), undefined)).toMatchInlineSnapshot(
    `"the program ended by itself; a service's program has to keep running. pilotfish svc logs -n api -e local --previous"`,
  );
});

test("a task that the scheduler did not need any more has not failed", () => {
  expect(hasFailed(failed("ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)"))).toBe(
    false,
  );
  expect(hasFailed(failed("UserInitiated", "Task stopped by user"))).toBe(false);
  expect(hasFailed(unhealthy("Request timed out"))).toBe(true);
});

function hint(task: EndedTask, listeners: Listener[] | undefined): string | undefined {
  return explainStop(task, version, { on: "local", lastLogs: [], listeners }).hint;
}

function failed(
  stopCode: EndedTask["stopCode"],
  stoppedReason: string,
  end: { exitCode?: number; reason?: string } = {},
): EndedTask {
  const containers = [{ name: "api", essential: true, attempt: 1, lastStatus: "STOPPED", ...end }];
  return {
    id: "t1",
    deploymentId: "ecs-svc/1",
    stopCode,
    stoppedReason,
    containers,
    targets: [],
    ports: {},
  } as unknown as EndedTask;
}

function unhealthy(description: string): EndedTask {
  const task = failed("ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group arn)");
  const target = { targetGroup: "shop/local/api/main", containerPort: 8080, state: "draining", description };
  return { ...task, targets: [target] } as unknown as EndedTask;
}

const version: DeployedVersion = {
  name: "api",
  env: "local",
  taskDefinition: { memory: "512", containerDefinitions: [{ name: "api", image: "shop/api:2" }] } as never,
  targetGroups: [
    {
      key: "main",
      containerPort: 8080,
      request: { HealthCheckPath: "/healthz", HealthCheckTimeoutSeconds: 5, Matcher: { HttpCode: "200" } },
    },
  ],
};
