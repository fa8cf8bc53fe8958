import type { Template } from "./template.ts";

/** What a stack can be at most. Source: CloudFormation's quotas. */
const most = { Resources: 500, Parameters: 200, Outputs: 200 } as const;
const mostBytes = 1_000_000;

/** What a template has more of than CloudFormation takes. @param text the template's */
export function beyondLimits(template: Template, text: string): { message: string; hint: string }[] {
  const hint = "spread it over several workloads: CloudFormation refuses the stack";
  const counts = (Object.keys(most) as (keyof typeof most)[]).flatMap((section) => {
    const count = Object.keys(template[section] ?? {}).length;
    const words = section.toLowerCase();
    if (count <= most[section]) return [];
    return [{ message: `the stack has ${count} ${words}, and CloudFormation takes ${most[section]} at most`, hint }];
  });
  const bytes = Buffer.byteLength(text);
  const size = { message: `the template has ${bytes} bytes, and CloudFormation takes ${mostBytes} at most`, hint };
  return bytes > mostBytes ? [...counts, size] : counts;
}
