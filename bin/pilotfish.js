#!/usr/bin/env node
// Checks Node before anything is loaded that an old one could not read.
// oxlint-disable-next-line unicorn/prefer-node-protocol -- a Node that does not know the protocol must get to the message
import * as nodeModule from "module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache();
  import("../dist/cli.js");
} else {
  process.stderr.write(
    "pilotfish needs Node 20.19 or newer; this is " + process.versions.node + ". See https://nodejs.org\n",
  );
  process.exitCode = 2;
}
