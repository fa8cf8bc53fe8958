import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "../support/files.ts";
import { cliEnvironment, pilotfish } from "../support/run-cli.ts";

const workspace = {
  "copilot/.workspace": "application: demo\n",
  "copilot/api/manifest.yml": "name: api\ntype: Backend Service\n",
  "copilot/web/manifest.yml": "name: web\ntype: Backend Service\n",
  Dockerfile: "FROM scratch\n",
  "Dockerfile.dev": "FROM scratch\n",
};

/** Runs a script of a real shell in a workspace, with `pilotfish` on its PATH. */
async function inShell(shell: string, script: string) {
  const cwd = await folderWith({ ...workspace, "bin/": "" });
  await symlink(pilotfish, join(cwd, "bin/pilotfish"));
  const home = join(cwd, "home");
  const path = `${join(cwd, "bin")}:${process.env["PATH"] ?? ""}`;
  const { stdout, stderr, status } = spawnSync(shell, ["-c", script], {
    cwd,
    env: cliEnvironment(home, { PATH: path }),
    encoding: "utf8",
  });
  return { stdout, stderr, status, home };
}

const hasShell = (shell: string): boolean => spawnSync(shell, ["-c", "exit 0"]).status === 0;

describe("bash", () => {
  /** Presses Tab behind the last word, as bash does: by calling the function that `complete` names. */
  const tab = (...words: string[]) => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    return inShell(
      "bash",
      `set -u; source <(pilotfish completion bash)
       COMP_WORDS=(pilotfish ${quoted}); COMP_CWORD=${words.length}
       function=$(complete -p pilotfish); function=\${function##*-F }; \${function%% *}
       printf '%s\\n' "\${COMPREPLY[@]:-}"`,
    );
  };

  test("completes commands, flags, names and values, and starts nothing for it", async () => {
    const answers: string[] = [];
    for (const words of [
      ["sv"],
      ["env", ""],
      ["svc", "deploy", "-n", ""],
      ["svc", "deploy", "-n", "w"],
      ["svc", "deploy", "--env", "="],
      ["env", "ls", "--"],
      ["svc", "init", "-t", "B"],
      ["svc", "init", "-d", "Do"],
      ["no", "such", ""],
    ]) {
      const { stdout, stderr, status, home } = await tab(...words);
      expect([stderr, status, existsSync(home)]).toEqual(["", 0, false]);
      answers.push(`${words.join(" ")} → ${stdout.trim().split("\n").join(", ")}`);
    }
    expect(answers.join("\n")).toMatchInlineSnapshot(`
      "sv → svc
      env  → init, deploy, ls, show, package, delete
      svc deploy -n  → api, web
      svc deploy -n w → web
      svc deploy --env = → local
      env ls -- → --app, --json
      svc init -t B → Backend\\ Service
      svc init -d Do → 
      no such  → "
    `);
  });

  test("shows no error where the program itself fails", async () => {
    const { stdout, stderr } = await inShell(
      "bash",
      `source <(pilotfish completion bash); PATH=/nowhere; COMP_WORDS=(pilotfish sv); COMP_CWORD=1; _pilotfish; echo "\${#COMPREPLY[@]}"`,
    );
    expect([stdout, stderr]).toEqual(["0\n", ""]);
  });
});

describe.skipIf(!hasShell("zsh"))("zsh", () => {
  test("takes the script as one of its own", async () => {
    const script = `autoload -U compinit && compinit -u -d "$PWD/dump" && source <(pilotfish completion zsh) && echo $_comps[pilotfish]`;
    expect(await inShell("zsh", script)).toMatchObject({ stdout: "_pilotfish\n", stderr: "", status: 0 });
  });
});

describe.skipIf(!hasShell("fish"))("fish", () => {
  test("completes commands and names", async () => {
    const script = `pilotfish completion fish | source; complete -C 'pilotfish svc deploy -n '`;
    expect(await inShell("fish", script)).toMatchObject({ stdout: "api\nweb\n", stderr: "", status: 0 });
  });
});
for (const shell of ["zsh", "fish"].filter((each) => !hasShell(each)))
  process.stderr.write(`skipped: ${shell} is not installed, so its completion script is not run\n`);
