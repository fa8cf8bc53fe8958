import { platformOf } from "../platform.ts";
import { rule } from "./rule.ts";

/** What Fargate offers: CPU units, then MiB from, to and in steps of. Source: AWS, "Task CPU and memory". */
const sizes: Record<number, readonly number[]> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16384, 1024),
  4096: steps(8192, 30720, 1024),
  8192: steps(16384, 61440, 4096),
  16384: steps(32768, 122880, 8192),
};

/** Windows needs a whole virtual CPU and has four at most. Source: AWS, "Windows containers on Fargate". */
const windowsSizes = new Set([1024, 2048, 4096]);

const defaults = { cpu: 256, memory: 512 };

export const fargateSize = rule("task/size", ["cpu", "memory", "platform"], (manifest, report) => {
  const { cpu = defaults.cpu, memory = defaults.memory } = manifest;
  const { isWindows } = platformOf(manifest);
  const offered = Object.keys(sizes).filter((size) => !isWindows || windowsSizes.has(Number(size)));
  const allowed = offered.includes(String(cpu)) ? sizes[cpu] : undefined;
  if (!allowed) {
    const hint = `use one of ${offered.join(", ")}`;
    const given = `${cpu} CPU units${manifest.cpu === undefined ? " (the default)" : ""}`;
    return report("cpu", `Fargate has no size with ${given}${isWindows ? " for Windows" : ""}`, { hint });
  }
  if (allowed.includes(memory)) return;
  const isDefault = manifest.memory === undefined;
  report(
    isDefault ? "cpu" : "memory",
    `${memory} MiB${isDefault ? " (the default)" : ""} does not go with ${cpu} CPU units${manifest.cpu === undefined ? " (the default)" : ""}`,
    { hint: `${isDefault ? "give `memory`: " : ""}use ${range(allowed)}` },
  );
});

/** What Fargate offers with so many CPU units, in MiB; undefined when there is no such size. */
export function memoryFor(cpu: number): readonly number[] | undefined {
  return sizes[cpu];
}

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, i) => from + i * by);
}

function range(allowed: readonly number[]): string {
  if (allowed.length <= 4) return `one of ${allowed.join(", ")}`;
  const [first = 0, second = 0] = allowed;
  return `${first} to ${allowed.at(-1)} in steps of ${second - first}`;
}
