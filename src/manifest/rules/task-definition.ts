import type { Path } from "../problems.ts";
import { rule } from "./rule.ts";

const limit = 65_536;

/** ECS's limit for a task definition. Counted is what the manifest alone brings into it; what Copilot adds comes on top. */
export const taskDefinitionSize = rule(
  "task/definition-size",
  ["variables", "sidecars", "logging", "taskdef_overrides"],
  (manifest, report) => {
    const {
      variables = {},
      secrets = {},
      image,
      entrypoint,
      command,
      sidecars = {},
      logging = {},
      taskdef_overrides,
    } = manifest;
    const values = taskdef_overrides?.map((each) => each?.value);
    const parts = { variables, secrets, labels: image?.labels, entrypoint, command, sidecars, logging, values };
    const size = Buffer.byteLength(JSON.stringify(parts));
    if (size <= limit) return;
    const [largest = "variables"] = Object.entries({ variables, secrets, sidecars, logging, taskdef_overrides: values })
      .map(([key, part]) => ({ key, size: JSON.stringify(part ?? "").length }))
      .toSorted((a, b) => b.size - a.size)
      .map(({ key }) => key);
    report(largest, `the task definition would have more than ${size} bytes, and ECS takes ${limit}`, {
      hint: "keep large values in a file of the image, or in an `env_file`",
    });
  },
);

/** A template's functions are for CloudFormation; a task definition holds values. */
export const overrideFunctions = rule("taskdef-overrides/function", ["taskdef_overrides/**"], (manifest, report) => {
  for (const [i, override] of (manifest.taskdef_overrides ?? []).entries())
    visit(override?.value, ["taskdef_overrides", i, "value"]);

  function visit(value: unknown, at: Path): void {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (/^(Ref|Fn::.+)$/.test(key))
        report([...at, key], `\`${key}\` is a function of CloudFormation, which this version does not evaluate here`, {
          hint: "write the value itself",
        });
      else visit(inner, [...at, Array.isArray(value) ? Number(key) : key]);
    }
  }
});
