import { errorAnswer, outputAnswer, protocolOf, type AwsError } from "./answers.ts";
import type { AwsCall, Layer } from "./front.ts";

/** An AWS that the emulator cannot show: what some operations answer instead. */
export interface Script {
  /** Where it is said that AWS answers so. */
  source: string;
  /** `cloudformation:DescribeStacks` → what it answers. */
  answers: Record<string, Answering>;
}

/** @param input what was asked, as the SDK's commands have it
 *  @param turn 1 for the first time that this operation is asked
 *  @returns an output as the SDK's commands have it, an error, or undefined: the emulator answers */
export type Answering = (input: Record<string, unknown>, turn: number) => Record<string, unknown> | Refused | undefined;

export class Refused {
  readonly error: AwsError;

  constructor(code: string, message: string, status = 400) {
    this.error = { code, message, status };
  }
}

/** A layer that answers by a script. */
export function scripted({ answers }: Script): Layer {
  const turns = new Map<string, number>();
  return async (call, pass) => {
    const turn = (turns.get(call.name) ?? 0) + 1;
    const answer = answers[call.name]?.(inputOf(call), turn);
    if (answer === undefined) return pass();
    turns.set(call.name, turn);
    return answer instanceof Refused ? errorAnswer(call, answer.error) : outputAnswer(call, answer);
  };
}

/** What was asked. In the query protocol all values are texts. */
function inputOf(call: AwsCall): Record<string, unknown> {
  const text = call.request.body.toString("utf8");
  const protocol = protocolOf(call);
  if (protocol === "json" || protocol === "rest-json")
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  if (protocol === "rest-xml") return {};
  const input: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === "Action" || name === "Version") continue;
    place(
      input,
      name.split(".").filter((part) => part !== "member"),
      value,
    );
  }
  return input;
}

/** `Parameters.1.ParameterKey`: numbers are places in a list, from 1. */
function place(into: Record<string, unknown>, [part = "", ...rest]: string[], value: string): void {
  const key = /^\d+$/.test(part) ? String(Number(part) - 1) : part;
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  into[key] ??= /^\d+$/.test(rest[0] ?? "") ? [] : {};
  place(into[key] as Record<string, unknown>, rest, value);
}
