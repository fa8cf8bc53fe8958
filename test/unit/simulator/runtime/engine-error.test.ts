import { expect, test } from "vitest";
import { plainMessage } from "../../../../src/simulator/runtime/docker/engine-error.ts";

test.for([
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/x": stat /x: no such file or directory: unknown',
    'exec: "/x": stat /x: no such file or directory',
  ],
  [
    'failed to create shim: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "x": executable file not found in $PATH: unknown',
    'exec: "x": executable file not found in $PATH',
  ],
  [
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/x": permission denied: unknown',
    'error during container init: exec: "/x": permission denied',
  ],
  [
    "manifest for api:9 not found: manifest unknown: manifest unknown",
    "manifest for api:9 not found: manifest unknown: manifest unknown",
  ],
  [
    "unable to find user nobody2: no matching entries in passwd file",
    "unable to find user nobody2: no matching entries in passwd file",
  ],
])("of an Engine's message what a person needs is left: %s", ([message, plain]) => {
  expect(plainMessage(new Error(message))).toBe(plain);
});
