import type { StackDiff } from "../../actions/diff-stack.ts";
import { markdownBlock } from "./markdown.ts";
import { paint } from "./paint.ts";
import { renderStackDiffs } from "./stack-diff.ts";

/** What deploying stacks would do, as a page. */
export function diffMarkdown(diffs: readonly StackDiff[]): string {
  const text = renderStackDiffs(diffs, paint(false));
  return ["### What deploying would change", "", ...markdownBlock(text.split("\n"), "diff")].join("\n");
}
