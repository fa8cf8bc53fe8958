import { type ErrorCode, UserError } from "../../errors.ts";

/** An error as it travels from the daemon to its clients. */
export interface WireError {
  /** One of the catalogue, or `internal` for a bug. */
  code: string;
  message: string;
  hint?: string;
  details?: string[];
  /** Of a bug. */
  stack?: string;
}

export function toWireError(error: unknown): WireError {
  if (error instanceof UserError)
    return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  if (error instanceof Error) return { code: "internal", message: error.message, stack: error.stack };
  return { code: "internal", message: String(error) };
}

export function fromWireError(wire: WireError): Error {
  if (wire.code !== "internal")
    return new UserError(wire.code as ErrorCode, wire.message, { hint: wire.hint, details: wire.details });
  const error = new Error(`the simulator's daemon failed: ${wire.message}`);
  if (wire.stack !== undefined) error.stack = `${error.message}\n${wire.stack}`;
  return error;
}
