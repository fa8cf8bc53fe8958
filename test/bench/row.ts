/** One measured value with its goal. */
export interface Row {
  name: string;
  /** Undefined when it could not be measured; `goal` then says what is missing. */
  value: number | undefined;
  unit: string;
  /** `at most 1.5`. */
  goal: string;
  met: boolean;
}

export function atMost(most: number, row: { name: string; value: number; unit: string }): Row {
  return { ...row, goal: `at most ${most}`, met: row.value <= most };
}

/** A row that could not be measured, with what to install or what went wrong. */
export function notMeasured(name: string, unit: string, why: string): Row {
  return { name, value: undefined, unit, goal: why, met: false };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
