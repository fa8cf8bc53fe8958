import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

interface PackageJson {
  version: string;
  scripts: Record<string, string>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

let own: PackageJson;
beforeAll(async () => {
  own = await packageJson(root);
});

test("the package that is published installs into an empty folder and runs there", async () => {
  const folder = await temporaryFolder();
  const tarball = await pack(folder);
  const project = join(folder, "project");
  // What npm would fetch is put there first, so that this works without a registry.
  for (const name of Object.keys(own.dependencies ?? {})) await copyWithDependencies(name, project);
  await writeFile(join(project, "package.json"), "{}");
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", tarball], { cwd: project });

  const version = async (name: string) => (await run(join(project, "node_modules/.bin", name), ["version"])).stdout;
  expect(await version("pilotfish")).toContain(own.version);
  expect(await version("pf")).toBe(await version("pilotfish"));

  const schema = await run(join(project, "node_modules/.bin/pilotfish"), ["docs", "backend", "--schema"], {
    cwd: project,
  });
  expect(schema.stdout).toBe(await readFile(join(root, "manifests/schema/backend-service.json"), "utf8"));

  const packaged = (...args: string[]) =>
    run(join(project, "node_modules/.bin/pilotfish"), ["svc", "package", "-n", "api", "-e", "test", ...args], {
      cwd: project,
    });
  await application(project);
  await packaged("--facts", "facts.json", "--output-dir", "before");
  const manifest = join(project, "copilot/api/manifest.yml");
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace("cpu: 256", "cpu: 512"));
  const diff = packaged("--facts", "facts.json", "--diff-against", "before/api-test.stack.yml");
  await expect(diff).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`~ Cpu: "256" → "512"  (makes a new`),
  });

  const home = join(folder, "home");
  const env = { ...process.env, PILOTFISH_HOME: home, PILOTFISH_RUNTIME: "simulated" };
  const local = (verb: string, ...flags: string[]) =>
    run(join(project, "node_modules/.bin/pilotfish"), ["local", verb, ...flags], { cwd: project, env });
  try {
    await local("start");
    const status = JSON.parse((await local("status", "--json")).stdout) as { version: string };
    expect(status.version).toBe(own.version);
  } finally {
    await local("reset", "--yes");
  }
});

test("an installation runs no script and holds nothing but the program and what it reads", async () => {
  const folder = await temporaryFolder();
  const { stdout } = await run("tar", ["-tzf", await pack(folder)]);
  const files = stdout.split("\n").filter(Boolean);
  const parts = files.map((file) => file.replace(/^package\//, "").replace(/\/.*/, "/"));
  expect([...new Set(parts)].toSorted()).toMatchInlineSnapshot(`
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bin/",
      "dist/",
      "docs/",
      "manifests/",
      "package.json",
      "templates/",
    ]
  `);
  expect(files.filter((file) => /^package\/(bin|dist)\/.*\.map$|\.ts$|\/rootfs\//.test(file))).toEqual([]);
  const installed = ["preinstall", "install", "postinstall", "prepare"].filter((name) => name in own.scripts);
  expect(installed).toEqual([]);
});

test("what a command may have to load is small, prompts included", async () => {
  const chunks = join(root, "dist/chunks");
  const sizes = (await readdir(chunks)).map(async (file) => ({ file, size: (await stat(join(chunks, file))).size }));
  const large = (await Promise.all(sizes)).filter(({ size }) => size > 200_000);
  expect(sizes.length).toBeGreaterThan(20);
  // A client of AWS's brings the shapes of its whole service along; EC2's are by far the most.
  const ofClients = await Promise.all(
    large.map(async ({ file, size }) => {
      const text = await readFile(join(chunks, file), "utf8");
      return {
        file,
        fits: size < (text.includes("AmazonEC2") ? 900_000 : text.includes("amazonaws.com") ? 300_000 : 0),
      };
    }),
  );
  expect(ofClients.filter(({ fits }) => !fits)).toEqual([]);
});

/** The package as `npm publish` would send it. It has been built already. */
async function pack(folder: string): Promise<string> {
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  const name = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  return join(folder, name as string);
}

/** Copies an installed package, and those that it needs and that are installed, into another folder's node_modules. */
async function copyWithDependencies(name: string, target: string): Promise<void> {
  const source = join(root, "node_modules", name);
  const copy = join(target, "node_modules", name);
  const found = await packageJson(source).catch(() => undefined);
  if (found === undefined) return;
  await mkdir(dirname(copy), { recursive: true });
  await cp(source, copy, { recursive: true });
  for (const next of Object.keys({ ...found.dependencies, ...found.optionalDependencies })) {
    await copyWithDependencies(next, target);
  }
}

async function packageJson(folder: string): Promise<PackageJson> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as PackageJson;
}

async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "pilotfish-packed-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An application with one service, and facts for it. */
async function application(folder: string): Promise<void> {
  await mkdir(join(folder, "copilot/api"), { recursive: true });
  const manifest = "name: api\ntype: Backend Service\nimage: { location: demo/api:1 }\ncpu: 256\nmemory: 1024\n";
  await writeFile(join(folder, "copilot/.workspace"), "application: demo\n");
  await writeFile(join(folder, "copilot/api/manifest.yml"), manifest);
  const facts = {
    account: "123456789012",
    region: "eu-west-1",
    artifacts: { bucket: "a", kmsKeyArn: "arn:aws:kms:a" },
  };
  await writeFile(join(folder, "facts.json"), JSON.stringify(facts));
}
