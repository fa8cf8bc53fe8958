import type { TargetCheck } from "../engine/inputs.ts";
import { type CheckedAddress, checkTarget } from "./health-check.ts";
import type { EdgeHealthCheck } from "./edge.ts";

/** The shortest wait between the extra probes of a target that has not answered yet. */
const FIRST_PROBE_MS = 20;
/** A target that took long to start waits at most this part of that time to be noticed. */
const PROBE_SHARE = 8;

/** Checks one target on its interval's beat, and more often until it answers for the first time.
 *  The first check starts at once. */
export class HealthChecker {
  private check: EdgeHealthCheck;
  private readonly target: CheckedAddress;
  private readonly report: (result: TargetCheck) => void;
  private stopped = false;
  private current = new AbortController();
  private readonly startedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  /** When the next check that counts is due. */
  private beatAt: number;
  /** Added to the first interval, once. */
  private lateBy: number;
  private answered: boolean;
  private running = false;

  /** @param known the target has answered before this checker was made, so it gets no extra probes
   *  @param phase in [0, 1): which part of an interval later the second beat comes, so that targets made together do not
   *  beat together */
  constructor(
    target: CheckedAddress,
    check: EdgeHealthCheck,
    known: boolean,
    phase: number,
    report: (result: TargetCheck) => void,
  ) {
    this.target = target;
    this.check = check;
    this.answered = known;
    this.report = report;
    this.beatAt = this.startedAt;
    this.lateBy = check.intervalMs * (phase / 2);
    void this.run();
  }

  update(check: EdgeHealthCheck): void {
    const sooner = check.intervalMs < this.check.intervalMs;
    this.check = check;
    if (!sooner || this.running) return;
    this.beatAt = Math.min(this.beatAt, performance.now() + check.intervalMs);
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stopped = true;
    this.current.abort();
  }

  private async run(): Promise<void> {
    this.running = true;
    this.current = new AbortController();
    const began = performance.now();
    const { result, answered } = await checkTarget(this.target, this.check, this.current.signal);
    if (this.stopped) return;
    this.running = false;
    this.answered ||= answered;
    const now = performance.now();
    const counts = now >= this.beatAt;
    if (counts) {
      this.beatAt = Math.max(now, Math.max(began, this.beatAt) + this.check.intervalMs + this.lateBy);
      this.lateBy = 0;
    }
    this.schedule();
    this.report(result.ok ? result : { ...result, counts });
  }

  private schedule(): void {
    const now = performance.now();
    const probe = this.answered ? Infinity : Math.max(FIRST_PROBE_MS, (now - this.startedAt) / PROBE_SHARE);
    this.wakeAt(Math.min(this.beatAt, now + probe));
  }

  /** On a busy event loop a timer can fire early, as it counts from when the loop last looked at the clock. */
  private wakeAt(at: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        if (performance.now() < at) this.wakeAt(at);
        else void this.run();
      },
      Math.max(0, at - performance.now()),
    );
  }
}
