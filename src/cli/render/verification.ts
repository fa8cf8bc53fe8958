import type { Verification } from "../../actions/verify-workload.ts";
import { clean, cleanLines } from "./clean.ts";
import type { Paint } from "./paint.ts";

type Check = Verification["groups"][number]["checks"][number];

/** A tree: group by group, what was looked at and what came of it, and how many of each there are. */
export function renderVerification(verification: Verification, paint: Paint): string[] {
  const { app, env, name, groups, passed } = verification;
  const lines = groups.flatMap((group, index) => {
    const isLast = index === groups.length - 1;
    return [
      `${isLast ? "└─" : "├─"} ${paint.bold(group.name)}`,
      ...group.checks.flatMap((check, i) =>
        checkLines(check, { above: isLast ? "   " : "│  ", isLast: i === group.checks.length - 1 }, paint),
      ),
    ];
  });
  const summary = verificationSummary(verification);
  const heading = `${paint.bold(clean(name))} of ${clean(app)} in ${clean(env)}`;
  return [heading, ...lines, passed ? paint.green(summary) : paint.red(summary)];
}

function checkLines(
  { status, subject, message, hint }: Check,
  { above, isLast }: { above: string; isLast: boolean },
  paint: Paint,
): string[] {
  const word = { ok: paint.green("OK  "), skip: paint.yellow("SKIP"), fail: paint.red("FAIL") }[status];
  const [first = "", ...rest] = cleanLines(message ?? "");
  const below = `${above}${isLast ? "   " : "│  "}      `;
  return [
    `${above}${isLast ? "└─" : "├─"} ${word}  ${clean(subject)}${first === "" ? "" : `: ${first}`}`,
    ...rest.map((line) => below + line),
    ...cleanLines(hint ?? "").flatMap((line) => (line === "" ? [] : [below + paint.cyan(line)])),
  ];
}

/** How many checks came to what. */
export function verificationSummary({ groups }: Pick<Verification, "groups">): string {
  const checks = groups.flatMap((group) => group.checks);
  const number = (wanted: Check["status"]) => checks.filter(({ status }) => status === wanted).length;
  return `${number("ok")} OK, ${number("skip")} skipped, ${number("fail")} failed`;
}
