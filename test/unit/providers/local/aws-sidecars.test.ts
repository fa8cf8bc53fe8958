import { expect, test } from "vitest";
import { isService } from "../../../../src/manifest/load.ts";
import { planWorkload } from "../../../../src/plan/plan-workload.ts";
import type { WorkloadPlan } from "../../../../src/plan/workload-plan.ts";
import { awsSidecars, withoutAwsSidecars } from "../../../../src/providers/local/aws-sidecars.ts";
import { load } from "../../manifest/problems.ts";

function plan(more: string): WorkloadPlan {
  const text = `name: api\ntype: Backend Service\nimage:\n  location: nginx\n  port: 80\n${more}`;
  const { manifest, diagnostics } = load(text, { env: "local" });
  if (!manifest || !isService(manifest)) throw new Error(JSON.stringify(diagnostics));
  return planWorkload({ manifest, app: "demo", env: "local" });
}

function containers({ taskDefinition }: WorkloadPlan) {
  return (taskDefinition.containerDefinitions ?? []).map(({ name, dependsOn, logConfiguration }) => [
    name,
    logConfiguration?.logDriver,
    ...(dependsOn ?? []).map(({ containerName, condition }) => `${condition} of ${containerName}`),
  ]);
}

const both = `  depends_on: { firelens_log_router: start, cache: start }
observability: { tracing: awsxray }
logging:
  destination: { Name: cloudwatch_logs }
  env_file: router.env
  secretOptions: { apikey: { from_cfn: datadog-key } }
env_file: api.env
sidecars:
  cache: { image: redis, depends_on: { firelens_log_router: start } }
`;

test("the log router and the trace collector are left out, with all that leads to them", () => {
  const planned = plan(both);
  expect(containers(planned)).toEqual([
    ["api", "awsfirelens", "START of cache", "START of firelens_log_router"],
    ["firelens_log_router", "awslogs"],
    ["aws-otel-collector", "awslogs"],
    ["cache", "awslogs", "START of firelens_log_router"],
  ]);
  expect(awsSidecars(planned)).toEqual(["firelens_log_router", "aws-otel-collector"]);
  const left = withoutAwsSidecars(planned);
  expect(containers(left)).toEqual([
    ["api", "awslogs", "START of cache"],
    ["cache", "awslogs"],
  ]);
  expect(left.envFiles).toEqual([{ container: "api", path: "api.env" }]);
  expect(JSON.stringify(left.taskDefinition)).not.toContain("datadog-key");
});

test("a plan without them is as it was", () => {
  const planned = plan("sidecars:\n  collector: { image: otel/opentelemetry-collector }\n");
  expect(awsSidecars(planned)).toEqual([]);
  expect(withoutAwsSidecars(planned)).toBe(planned);
});
