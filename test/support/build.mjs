import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { brotliCompressSync } from "node:zlib";

/** Output file in dist → its source. */
const entries = { cli: "src/cli/entry.ts", daemon: "src/simulator/daemon/entry.ts" };

/** What is not bundled: native modules, which are the package's only dependencies. */
const external = ["libsql"];

/**
 * Bundles the program into dist: ES modules, one small file per entry, the rest in chunks that are loaded when needed.
 * Chunks are written before what imports them, and old ones go last, so that a program that starts meanwhile works.
 * @param {string} root
 */
export async function build(root) {
  for (const source of Object.values(entries)) {
    if (!existsSync(join(root, source))) throw new Error(`cannot build: ${source} is missing`);
  }
  const esbuild = await import("esbuild");
  const hash = await sourceHash(root);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: "dist",
    entryNames: "[name]",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    // ES modules first: of a package that has both, only what is used is taken along.
    mainFields: ["module", "main"],
    target: "node20.19",
    external,
    plugins: [promptsWithoutSideEffects, distilledSchemas(root)],
    // Names stay as they are: a stack can be read, and nothing has to be wrapped to keep its name.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    banner: { js: requireForBundledCommonJs },
    logLevel: "warning",
    write: false,
  });
  const chunksFirst = outputFiles.toSorted((a, b) => depth(b.path) - depth(a.path));
  for (const { path, contents } of chunksFirst) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  await writeFile(join(root, "dist/build.json"), `${JSON.stringify({ version, build: hash })}\n`);
  await removeAllBut(root, new Set([...outputFiles.map(({ path }) => path), join(root, "dist/build.json")]));
}

/**
 * The packages of @inquirer say in their package.json that they have no side effects, and hide it by a second package.json
 * beside their code. Without it the editor's prompt would come along, with 400 KB of character tables.
 * @type {import("esbuild").Plugin}
 */
const promptsWithoutSideEffects = {
  name: "prompts-without-side-effects",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@inquirer\// }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === "resolved") return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: "resolved" });
      return { ...found, sideEffects: false };
    });
  },
};

/**
 * Puts what is needed of CloudFormation's schemas into the program, in the place of the module that reads their database:
 * that one is a package of 3 MB.
 * @param {string} root
 * @returns {import("esbuild").Plugin}
 */
function distilledSchemas(root) {
  return {
    name: "distilled-schemas",
    setup({ onLoad, esbuild }) {
      onLoad({ filter: /\/src\/actions\/resource-schemas\.ts$/ }, async () => {
        const source = await readFile(join(root, "src/cloudformation/update/distil-schemas.ts"), "utf8");
        const { code } = await esbuild.transform(source, { loader: "ts", format: "esm" });
        const { distilSchemas } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
        const { loadAwsServiceSpec } = await import("@aws-cdk/aws-service-spec");
        const packed = brotliCompressSync(JSON.stringify(distilSchemas(await loadAwsServiceSpec()))).toString("base64");
        const contents = `import { brotliDecompressSync } from "node:zlib";
export async function resourceSchemas() {
  return JSON.parse(brotliDecompressSync(Buffer.from("${packed}", "base64")).toString());
}`;
        return { contents };
      });
    },
  };
}

const requireForBundledCommonJs = [
  `import { createRequire as pilotfishCreateRequire } from "node:module";`,
  `const require = pilotfishCreateRequire(import.meta.url);`,
].join("");

/**
 * Whether dist holds what the sources say now.
 * @param {string} root
 */
export async function isBuilt(root) {
  const complete = Object.keys(entries).every((name) => existsSync(join(root, "dist", `${name}.js`)));
  if (!complete || !existsSync(join(root, "dist/build.json"))) return false;
  const { build: built } = JSON.parse(await readFile(join(root, "dist/build.json"), "utf8"));
  return built === (await sourceHash(root));
}

/**
 * Names the build: 16 hex digits over everything that goes into it.
 * @param {string} root
 */
async function sourceHash(root) {
  const hash = createHash("sha256");
  const sources = (await filesBelow(join(root, "src"))).map((file) => relative(root, file)).toSorted();
  for (const file of [...sources, "package.json", "package-lock.json", "test/support/build.mjs"]) {
    const text = await readFile(join(root, file));
    hash.update(`${file}\0${text.length}\0`).update(text);
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * @param {string} root
 * @param {Set<string>} kept
 */
async function removeAllBut(root, kept) {
  for (const file of await filesBelow(join(root, "dist"))) {
    if (!kept.has(file)) await rm(file, { force: true });
  }
}

/** @param {string} folder */
async function filesBelow(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** @param {string} path */
function depth(path) {
  return path.split(/[\\/]/).length;
}
