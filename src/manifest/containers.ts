import type { Path } from "./problems.ts";
import type { ReadManifest } from "./rules/rule.ts";

/** The names that Copilot gives the containers it adds. */
export const logRouter = "firelens_log_router";
export const traceCollector = "aws-otel-collector";

/** A container of a task as dependencies see it. */
export interface ContainerFacts {
  name: string;
  /** The log router's absence stops nothing, as Copilot counts it. */
  essential: boolean;
  hasHealthCheck: boolean;
  dependsOn: Readonly<Record<string, string | undefined>>;
  /** Where `depends_on` stands. */
  at: Path;
}

/** The containers that others can depend on: the main one, the sidecars, the log router. */
export function containersOf(manifest: ReadManifest): ContainerFacts[] {
  const { name = "", image, sidecars = {} } = manifest;
  const main: ContainerFacts = {
    name,
    essential: true,
    hasHealthCheck: hasContent(image?.healthcheck),
    dependsOn: image?.depends_on ?? {},
    at: ["image", "depends_on"],
  };
  const others = Object.entries(sidecars).map(([sidecar, facts]) => ({
    name: sidecar,
    essential: facts?.essential ?? true,
    hasHealthCheck: hasContent(facts?.healthcheck),
    dependsOn: facts?.depends_on ?? {},
    at: ["sidecars", sidecar, "depends_on"],
  }));
  const router = { name: logRouter, essential: false, hasHealthCheck: false, dependsOn: {}, at: ["logging"] };
  return [main, ...others, ...(routesLogs(manifest) ? [router] : [])];
}

/** Whether FireLens routes the main container's logs: whatever `logging` holds but `retention` asks for it. */
export function routesLogs({ logging = {} }: ReadManifest): boolean {
  return Object.entries(logging).some(([key, value]) => key !== "retention" && value !== undefined);
}

function hasContent(block: object | undefined): boolean {
  return block !== undefined && Object.keys(block).length > 0;
}
