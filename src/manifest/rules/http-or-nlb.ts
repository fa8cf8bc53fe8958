import { rule } from "./rule.ts";

/** Without `http` a Load Balanced Web Service stands behind a network load balancer alone. */
export const httpOrNlb = rule("http/off", ["http"], ({ type, http }, report) => {
  if (type !== "Load Balanced Web Service" || http !== false) return;
  report("http", "`http: false` needs `nlb`, which is not supported by this version", {
    hint: "write `http: { path: / }`, or use the type Backend Service for a service without a load balancer",
  });
});
