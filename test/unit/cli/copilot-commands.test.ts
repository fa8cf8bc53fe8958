import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { commandTable } from "../../../src/cli/command-table.ts";
import { type CopilotFlag, copilotCommands, copilotFlags } from "../../../src/cli/copilot-commands.ts";
import { findCommand } from "../../../src/cli/find-command.ts";
import { flagInfo } from "../../../src/cli/flags.ts";

const reference = join(packageRoot(import.meta.url), "../shared/reference/copilot.md");
const isThere = existsSync(reference);
if (!isThere) process.stderr.write("skipped: Copilot's commands are not at ../shared/reference/copilot.md\n");

interface ReferenceCommand {
  flags: CopilotFlag[];
  hidden: boolean;
  alias: string | undefined;
}

/** The table of section 2: `| name | purpose | flags |`. */
function referenceTable(): Map<string, ReferenceCommand> {
  const [, section = ""] = readFileSync(reference, "utf8").split(/^# 2\. Commands/m);
  const rows = section.split("\n### ", 1)[0]?.matchAll(/^\| `([^`]+)` \| .*? \| (.*) \|$/gm) ?? [];
  return new Map(
    [...rows].map(([, name = "", cell = ""]) => [
      name.replace(/ \[\w+\]$/, ""),
      {
        flags: [...cell.matchAll(/`--([\w-]+)(?:\/-(\w))?(?: ([\w=:]+))?`/g)].map(([, flag = "", short, kind]) => ({
          name: flag,
          short,
          kind,
        })),
        hidden: cell.includes("**hidden**"),
        alias: /alias `(\w+)`/.exec(cell)?.[1],
      },
    ]),
  );
}

describe.skipIf(!isThere)("Copilot's commands", () => {
  const table = isThere ? referenceTable() : new Map<string, ReferenceCommand>();

  test("are all known, and no others are called Copilot's", () => {
    expect(table.size).toBeGreaterThan(50);
    expect(Object.keys(copilotCommands).toSorted()).toEqual([...table.keys()].toSorted());
  });

  test.each([...table])(
    "%s has the flags that Copilot's has, short forms and values too",
    (name, { flags, hidden }) => {
      expect(copilotFlags(name)).toEqual(flags);
      expect(copilotCommands[name]?.hidden ?? false).toBe(hidden);
    },
  );

  test("are found by their other names as well", () => {
    for (const [name, { alias }] of table)
      if (alias !== undefined) expect(copilotCommands[name]?.aliases).toEqual([`${name.split(" ")[0]} ${alias}`]);
    expect([...table.values()].filter(({ alias }) => alias !== undefined)).toHaveLength(1);
  });
});

test("a command by its name, by another name, by a group, with words behind it", () => {
  const found = (line: string) => {
    const each = findCommand(line.split(" ").filter(Boolean));
    return each.kind === "command" ? each.entry.name : `${each.kind}: ${each.name}`;
  };
  expect(
    ["svc deploy", "app init shop", "pipeline update", "run", "run local", "env upgrade", "docs", "task", ""].map(
      found,
    ),
  ).toMatchInlineSnapshot(`
    [
      "svc deploy",
      "app init",
      "pipeline deploy",
      "later: run local",
      "later: run local",
      "later: env upgrade",
      "docs",
      "group: task",
      "group: ",
    ]
  `);
  expect(() => found("constructor")).toThrow("there is no command constructor");
  expect(() => found("svc toString")).toThrow("there is no command svc toString");
});

describe("a command that this version has", () => {
  const ours = commandTable.filter(({ name }) => Object.hasOwn(copilotCommands, name));

  test.each(ours)(
    "$name: flags with Copilot's names mean what they mean there, and no short form another flag",
    async (entry) => {
      const input = Object.values((await entry.load()).input.shape);
      const flags = input.flatMap((schema) => flagInfo.get(schema) ?? []);
      const theirs = copilotFlags(entry.name);
      for (const { name, short, value } of flags) {
        const same = theirs.find((each) => each.name === name);
        if (same !== undefined)
          expect({ name, short, value: value !== undefined }).toEqual({
            name,
            short: same.short ?? short,
            value: same.kind !== undefined,
          });
        const others = theirs.filter((each) => each.name !== name);
        expect(others.map((each) => each.short)).not.toContain(short ?? "none");
      }
    },
  );
});
