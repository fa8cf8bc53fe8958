import { rule } from "./rule.ts";

/** ECS hands the command to Docker, which takes a program (CMD) or a line for the shell (CMD-SHELL). */
export const containerHealthCheck = rule(
  "containers/healthcheck",
  ["image.healthcheck/**", "sidecars"],
  (manifest, report) => {
    const checks = [
      { at: ["image", "healthcheck"], check: manifest.image?.healthcheck },
      ...Object.entries(manifest.sidecars ?? {}).map(([name, sidecar]) => ({
        at: ["sidecars", name, "healthcheck"],
        check: sidecar?.healthcheck,
      })),
    ];
    for (const { at, check } of checks) {
      const command = check?.command;
      if (command === undefined) continue;
      const [kind, ...words] = command;
      const hint = 'write `["CMD-SHELL", "curl -f http://localhost/ || exit 1"]`';
      if (kind !== "CMD" && kind !== "CMD-SHELL")
        report([...at, "command"], "the command of a health check begins with `CMD` or `CMD-SHELL`", { hint });
      else if (words.length === 0)
        report([...at, "command"], `the command of a health check ends after \`${kind}\``, { hint });
    }
  },
);
