import { exposedPorts } from "../targets.ts";
import { rule } from "./rule.ts";

/** Others can only call a service that listens. */
export const connectAlias = rule(
  "network/connect",
  ["network", "image.port", "sidecars", "http"],
  (manifest, report) => {
    const connect = manifest.network?.connect;
    if (manifest.type !== "Backend Service" || typeof connect !== "object" || connect.alias === undefined) return;
    const http = manifest.http;
    if (
      manifest.image?.port !== undefined ||
      http?.target_container !== undefined ||
      exposedPorts(manifest).exposed.length > 0
    )
      return;
    report("network.connect.alias", "a name to be called by needs a port to be called on", {
      hint: "add `port: 8080` under `image`, or write `connect: true`",
    });
  },
);
