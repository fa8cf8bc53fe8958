import { type Adoption, isToDo, type StackToAdopt } from "../../actions/adoption.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { renderStackDiffs } from "./stack-diff.ts";
import { count } from "./words.ts";

/** What an adoption would do: each stack, what is done to it first, and what our template changes in it. */
export function renderAdoption({ stacks }: Adoption, paint: Paint): string {
  const changes = stacks.filter(({ to }) => to === "deploy").flatMap((each) => each.changes);
  const parts = [
    stacks.map((each) => stateLine(each, paint)).join("\n"),
    ...(changes.length > 0 ? [renderStackDiffs(changes, paint)] : []),
  ];
  return parts.join("\n\n");
}

function stateLine(stack: StackToAdopt, paint: Paint): string {
  const head = paint.bold(clean(stack.stack));
  const why = stack.reason === undefined ? "" : paint.dim(clean(`  (${stack.reason}; then: ${stack.hint ?? ""})`));
  return `${head}: ${stateText(stack)}${why}`;
}

function stateText(stack: StackToAdopt): string {
  const { state, attached, to } = stack;
  const custom = {
    attached: `Copilot's; ${count(attached.length, "custom resource")} to detach`,
    detached: "Copilot's, detached",
    none: "no custom resources",
  }[state];
  if (to === "detach") return `${custom}; keeps its template`;
  return `${custom}; ${isToDo({ ...stack, state: "none" }) ? "gets our template" : "is as it is to be"}`;
}

/** `detaching shop-test (1 of 12)`. */
export function stepText({ stack }: StackToAdopt, step: "detach" | "deploy", number: number, of: number): string {
  return clean(`${step === "detach" ? "detaching" : "deploying"} ${stack} (${number} of ${of})`);
}
