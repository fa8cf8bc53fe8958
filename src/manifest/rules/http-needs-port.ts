import { rule } from "./rule.ts";

/** A load balancer needs a port to send requests to; the schema asks it of a Load Balanced Web Service alone. */
export const httpNeedsPort = rule("http/port", ["http", "image.port"], ({ type, http, image }, report) => {
  if (type !== "Backend Service" || !http || !image || image.port !== undefined) return;
  report("image.port", "`http` needs `image.port`, the port that requests are sent to", {
    hint: "add `port: 8080` under `image`",
  });
});
