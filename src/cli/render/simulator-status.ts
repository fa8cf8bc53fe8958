import type { SimulatorStatus } from "../wire-contract.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";
import { ageText } from "./words.ts";

/** The simulator, its services, and what is wrong with it. */
export function renderSimulatorStatus(status: SimulatorStatus, now: number, paint: Paint): string[] {
  const { runtime, runtimeAvailable, speed, pid, home, startedAt, services, problems } = status;
  const about = [
    ["runtime", runtimeAvailable ? runtime : `${runtime}, which does not answer at the moment`],
    ["speed", String(speed)],
    ["process", `${pid}, for ${ageText(now - Date.parse(startedAt))}`],
    ["state", home],
  ];
  const rows = services.map(({ id, status: state, desiredCount, runningCount, urls }) => [
    id,
    state,
    `${runningCount} of ${desiredCount} running`,
    urls[0] ?? "",
  ]);
  return [
    ...renderTable(about.map((row) => row.map(clean))),
    ...problems.map((problem) => paint.red(`problem: ${clean(problem)}`)),
    ...(rows.length === 0 ? [] : ["", ...renderTable(rows.map((row) => row.map(clean)))]),
  ];
}
