import type { AnyCommand } from "../command.ts";
import { type FlagInfo, flagInfo, type OperandInfo, operandInfo } from "../flags.ts";

/** What a command takes, as far as completing it needs to know. */
export interface CommandShape {
  flags: FlagInfo[];
  operands: OperandInfo[];
}

export function shapeOf({ input }: AnyCommand): CommandShape {
  const schemas = Object.values(input.shape);
  return {
    flags: schemas.flatMap((schema) => flagInfo.get(schema) ?? []),
    operands: schemas.flatMap((schema) => operandInfo.get(schema) ?? []),
  };
}
