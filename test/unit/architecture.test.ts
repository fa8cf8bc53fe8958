import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** What one layer may import (accepted) and may not (refused), as it would be written in a file of that layer. */
const layers: Record<string, { accepted: string[]; refused: string[] }> = {
  "src/cli/main.ts": {
    accepted: [
      `import { a } from "../actions/a.ts"`,
      `import { a } from "./wire.ts"`,
      `import { a } from "./render/a.ts"`,
      `import type { A } from "../plan/a.ts"`,
      `import type { A } from "../providers/provider.ts"`,
    ],
    refused: [
      `import { a } from "../workspace/a.ts"`,
      `import type { A } from "../manifest/a.ts"`,
      `import { a } from "../plan/a.ts"`,
      `import { a } from "../images/a.ts"`,
      `import { a } from "../providers/local/a.ts"`,
      `import { a } from "../simulator/protocol.ts"`,
      `import { a } from "commander"`,
      `import { a } from "@inquirer/prompts"`,
      `import a from "ora"`,
    ],
  },
  "src/cli/command.ts": { accepted: [`import { a } from "commander"`], refused: [`import a from "ora"`] },
  "src/cli/prompts.ts": {
    accepted: [`import { a } from "@inquirer/prompts"`, `import a from "ora"`],
    refused: [`import { a } from "commander"`],
  },
  "src/cli/wire.ts": {
    accepted: [`import { a } from "../providers/local/a.ts"`, `import { a } from "../simulator/client.ts"`],
    refused: [`import { a } from "../manifest/a.ts"`, `import { a } from "../simulator/daemon/a.ts"`],
  },
  "src/actions/a.ts": {
    accepted: [
      `import { a } from "../workspace/a.ts"`,
      `import { a } from "../manifest/a.ts"`,
      `import { a } from "../plan/a.ts"`,
      `import { a } from "../cloudformation/a.ts"`,
      `import { a } from "../images/a.ts"`,
      `import { a } from "../providers/provider.ts"`,
    ],
    refused: [
      `import { a } from "../cli/a.ts"`,
      `import { a } from "../providers/local/a.ts"`,
      `import { a } from "../simulator/protocol.ts"`,
    ],
  },
  "src/workspace/a.ts": {
    accepted: [`import { a } from "../errors.ts"`, `import type { A } from "../plan/a.ts"`],
    refused: [`import { a } from "../plan/a.ts"`, `import type { A } from "../manifest/a.ts"`],
  },
  "src/images/a.ts": {
    accepted: [`import { a } from "../errors.ts"`, `import type { A } from "../plan/a.ts"`],
    refused: [`import { a } from "../workspace/a.ts"`, `import { a } from "../providers/provider.ts"`],
  },
  "src/manifest/rules/a.ts": {
    accepted: [
      `import { a } from "../../errors.ts"`,
      `import type { A } from "../../plan/a.ts"`,
      `import { a } from "../schema/a.ts"`,
    ],
    refused: [`import { a } from "../../plan/a.ts"`, `import { a } from "../../workspace/a.ts"`],
  },
  "src/plan/a.ts": {
    accepted: [`import { a } from "../manifest/a.ts"`, `import type { A } from "@aws-sdk/client-ecs"`],
    refused: [`import { a } from "../cloudformation/a.ts"`, `import { a } from "@aws-sdk/client-ecs"`],
  },
  "src/cloudformation/a.ts": {
    accepted: [`import { a } from "../plan/a.ts"`, `import { a } from "../manifest/a.ts"`],
    refused: [`import { a } from "../providers/provider.ts"`, `import { a } from "../images/a.ts"`],
  },
  "src/providers/provider.ts": {
    accepted: [`import type { A } from "../plan/a.ts"`],
    refused: [`import { a } from "../plan/a.ts"`, `import { a } from "./local/a.ts"`],
  },
  "src/providers/task-groups.ts": {
    accepted: [`import type { A } from "../plan/a.ts"`],
    refused: [`import { a } from "../plan/a.ts"`, `import { a } from "./local/a.ts"`],
  },
  "src/providers/account.ts": {
    accepted: [`import type { A } from "./account/a.ts"`],
    refused: [`import { a } from "../plan/a.ts"`, `import { a } from "./aws/a.ts"`],
  },
  "src/providers/account/a.ts": {
    accepted: [`import type { A } from "../../cloudformation/a.ts"`],
    refused: [`import { a } from "../../plan/a.ts"`, `import { a } from "../aws/a.ts"`],
  },
  "src/providers/deployment/a.ts": {
    accepted: [`import type { A } from "../provider.ts"`, `import type { A } from "../../plan/a.ts"`],
    refused: [
      `import { a } from "../aws/a.ts"`,
      `import { a } from "../../simulator/engine/a.ts"`,
      `import { a } from "../../plan/a.ts"`,
      `import { a } from "@aws-sdk/client-ecs"`,
    ],
  },
  "src/providers/local/a.ts": {
    accepted: [
      `import { a } from "../../plan/a.ts"`,
      `import { a } from "../provider.ts"`,
      `import { a } from "../../simulator/protocol.ts"`,
      `import { a } from "../../simulator/client.ts"`,
    ],
    refused: [`import { a } from "../../simulator/engine/a.ts"`, `import { a } from "../aws/a.ts"`],
  },
  "src/providers/aws/a.ts": {
    accepted: [
      `import { a } from "../../cloudformation/a.ts"`,
      `import { a } from "../provider.ts"`,
      `import { a } from "@aws-sdk/client-ecs"`,
    ],
    refused: [`import { a } from "../../simulator/protocol.ts"`, `import { a } from "../local/a.ts"`],
  },
  "src/simulator/protocol.ts": {
    accepted: [`import { a } from "./control/a.ts"`, `import type { A } from "../providers/provider.ts"`],
    refused: [`import { a } from "./daemon/a.ts"`, `import { a } from "../cli/a.ts"`],
  },
  "src/simulator/client.ts": {
    accepted: [`import { a } from "./control/a.ts"`, `import { a } from "./protocol.ts"`],
    refused: [`import { a } from "./daemon/a.ts"`, `import { a } from "../providers/provider.ts"`],
  },
  "src/simulator/control/a.ts": {
    accepted: [`import { a } from "../../errors.ts"`],
    refused: [
      `import { a } from "../protocol.ts"`,
      `import { a } from "../client.ts"`,
      `import { a } from "../engine/a.ts"`,
    ],
  },
  "src/simulator/engine/a.ts": {
    accepted: [`import { a } from "./state.ts"`, `import type { A } from "../../plan/a.ts"`],
    refused: [`import { a } from "../runtime/a.ts"`, `import { a } from "../../plan/a.ts"`],
  },
  "src/simulator/runtime/docker/a.ts": {
    accepted: [`import { a } from "../../engine/a.ts"`, `import { a } from "../runtime.ts"`],
    refused: [`import { a } from "../../edge/a.ts"`, `import { a } from "../../daemon/a.ts"`],
  },
  "src/simulator/edge/a.ts": {
    accepted: [`import { a } from "../engine/a.ts"`],
    refused: [`import { a } from "../runtime/a.ts"`, `import { a } from "../protocol.ts"`],
  },
  "src/simulator/neighbours/a.ts": {
    accepted: [`import { a } from "../engine/a.ts"`],
    refused: [`import { a } from "../api/a.ts"`],
  },
  "src/simulator/api/a.ts": {
    accepted: [`import { a } from "../engine/a.ts"`, `import { a } from "../neighbours/a.ts"`],
    refused: [`import { a } from "../runtime/a.ts"`],
  },
  "src/simulator/daemon/a.ts": {
    accepted: [
      `import { a } from "../engine/a.ts"`,
      `import { a } from "../runtime/a.ts"`,
      `import { a } from "../edge/a.ts"`,
      `import { a } from "../protocol.ts"`,
    ],
    refused: [`import { a } from "../../providers/local/a.ts"`, `import { a } from "../../cli/a.ts"`],
  },
};

const pureFolders = ["src/manifest", "src/plan", "src/cloudformation", "src/simulator/engine"];

/** What no pure part may do. */
const impure = [
  `import a from "node:fs"`,
  `import a from "node:fs/promises"`,
  `import a from "node:net"`,
  `import a from "node:child_process"`,
  `import a from "node:crypto"`,
  `import { a } from "execa"`,
  `export const a = process.env["A"]`,
  `export const a = Date.now()`,
  `export const a = Math.random()`,
  `export const a = setTimeout(String, 1)`,
  `export const a = fetch("http://127.0.0.1")`,
];

const root = join(import.meta.dirname, "../..");

test("each layer may import what stands left of it, and nothing else", () => {
  const samples = Object.entries(layers).flatMap(([file, { accepted, refused }]) => [
    ...accepted.map((code) => ({ file, code, refused: false })),
    ...refused.map((code) => ({ file, code, refused: true })),
  ]);
  expect(verdicts(samples)).toEqual(samples);
});

test("the pure parts have no clock, chance, environment, file, process or socket", () => {
  const samples = pureFolders.flatMap((folder) =>
    impure.map((code) => ({ file: `${folder}/a.ts`, code, refused: true })),
  );
  expect(verdicts(samples)).toEqual(samples);
});

test("nothing prints to the console", () => {
  const sample = { file: "src/cli/render/a.ts", code: `console.log("a")`, refused: true };
  expect(verdicts([sample])).toEqual([sample]);
});

test("no pure part asks for the current time with `new Date()`", () => {
  expect(sources().filter(({ file, text }) => isPure(file) && /new Date\(\s*\)/.test(text))).toEqual([]);
});

test("an import that waits until it is needed keeps the same rules", () => {
  const wrong = { file: "src/workspace/wrong.ts", text: `export const a = () => import("../cli/main.ts");` };
  const found = [...sources(), wrong].flatMap(({ file, text }) =>
    [...text.matchAll(/\bimport\(\s*("[^"]+")\s*\)/g)].map(([, specifier]) => ({
      file,
      code: `import * as a from ${specifier}`,
      refused: file === wrong.file,
    })),
  );
  expect(verdicts(found)).toEqual(found);
});

test("every source file belongs to a layer that has rules", () => {
  const known = [...Object.keys(layers).map(layerOf), "src/errors.ts"];
  expect(sources().filter(({ file }) => !known.some((layer) => file.startsWith(layer)))).toEqual([]);
});

interface Sample {
  file: string;
  code: string;
  refused: boolean;
}

/** What lint says of each sample. Each stands at its real place in a tree of its own, with our rules at its top. */
function verdicts(samples: Sample[]): Sample[] {
  const folder = mkdtempSync(join(tmpdir(), "pilotfish-architecture-"));
  try {
    samples.forEach(({ file, code }, index) => {
      const path = join(folder, String(index), file);
      mkdirSync(dirname(path), { recursive: true });
      cpSync(join(root, ".oxlintrc.json"), join(folder, String(index), ".oxlintrc.json"));
      writeFileSync(path, `${code};\n`);
    });
    const refused = refusedFiles(folder);
    return samples.map((sample, index) => ({ ...sample, refused: refused.has(`${index}/${sample.file}`) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files below this folder that break one of the rules of the architecture. */
function refusedFiles(folder: string): Set<string> {
  const { stdout } = spawnSync(join(root, "node_modules/.bin/oxlint"), ["--format", "json"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  const ours = diagnostics.filter(({ code }) => /no-restricted-|no-console/.test(code));
  return new Set(ours.map(({ filename }) => filename));
}

function sources(): { file: string; text: string }[] {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `src/${file.replaceAll("\\", "/")}`)
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
}

function isPure(file: string): boolean {
  return pureFolders.some((folder) => file.startsWith(`${folder}/`));
}

/** `src/plan/` of `src/plan/a.ts`; a file that is a layer of its own stays. */
function layerOf(file: string): string {
  const own = /^src\/(simulator\/(?:protocol|client)|providers\/(?:provider|account))\.ts$/.test(file);
  return own ? file : (/^src\/(?:(?:simulator|providers)\/)?[^/]+\//.exec(file)?.[0] ?? file);
}
