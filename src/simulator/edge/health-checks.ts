import type { TargetCheck } from "../engine/inputs.ts";
import type { EdgePicture } from "./edge.ts";
import { HealthChecker } from "./health-checker.ts";

/** Successive multiples of it spread evenly over an interval. */
const GOLDEN = 0.618_033_988_749_895;

/** The checkers of all targets that are registered and not draining. */
export class HealthChecks {
  private checkers = new Map<string, HealthChecker>();
  private made = 0;
  private readonly checked: (task: string, targetGroup: string, result: TargetCheck) => void;

  constructor(checked: (task: string, targetGroup: string, result: TargetCheck) => void) {
    this.checked = checked;
  }

  update(groups: EdgePicture["targetGroups"]): void {
    const wanted = new Map<string, HealthChecker>();
    for (const [id, { healthCheck, targets }] of Object.entries(groups)) {
      for (const { task, address, port, checkPort, checkTls, state } of targets) {
        if (state === "draining") continue;
        const where = { address, port: checkPort ?? port, tls: checkTls === true };
        const key = [id, task, where.address, where.port, where.tls, healthCheck.protocol].join(" ");
        const report = (result: TargetCheck) => this.checked(task, id, result);
        const checker =
          this.checkers.get(key) ?? new HealthChecker(where, healthCheck, state !== "initial", this.phase(), report);
        checker.update(healthCheck);
        wanted.set(key, checker);
        this.checkers.delete(key);
      }
    }
    this.stop();
    this.checkers = wanted;
  }

  stop(): void {
    for (const checker of this.checkers.values()) checker.stop();
  }

  private phase(): number {
    this.made += 1;
    return (this.made * GOLDEN) % 1;
  }
}
