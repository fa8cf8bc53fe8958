import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorkspace, findWorkspace } from "../../../src/workspace/workspace.ts";
import { folderWith } from "../../support/files.ts";
import { refusal } from "../../support/refusal.ts";

const shop = { "copilot/.workspace": "application: shop\n" };

describe("finding the workspace", () => {
  test("it is found from the root, from four folders below, and not from five", async () => {
    const root = await folderWith({ ...shop, "a/b/c/d/e/": "" });
    expect((await findWorkspace(root)).application).toBe("shop");
    expect(await findWorkspace(join(root, "a/b/c/d"))).toMatchObject({
      root,
      copilotDir: join(root, "copilot"),
      application: "shop",
    });
    expect(await refusal(findWorkspace(join(root, "a/b/c/d/e")), { [root]: "ROOT" })).toMatchInlineSnapshot(`
      "workspace/not-found: there is no copilot folder in ROOT/a/b/c/d/e or in the four folders above it
        pilotfish init"
    `);
  });

  test("the first copilot folder counts, and a starting folder of that name is taken as it is", async () => {
    const root = await folderWith({
      ...shop,
      "copilot/api/": "",
      "inner/copilot/.workspace": "application: inner",
    });
    expect((await findWorkspace(join(root, "inner"))).application).toBe("inner");
    expect((await findWorkspace(join(root, "copilot"))).root).toBe(root);
    expect((await findWorkspace(join(root, "copilot/api"))).root).toBe(root);
  });

  test("a folder reached through a link belongs to where it is seen, else to where it lies", async () => {
    const root = await folderWith({ ...shop, "src/": "" });
    const elsewhere = await folderWith({
      "other/copilot/.workspace": "application: other",
      "other/work/": "",
    });
    await symlink(join(root, "src"), join(elsewhere, "link"));
    await symlink(join(root, "src"), join(elsewhere, "other/work/link"));
    expect((await findWorkspace(join(elsewhere, "link"))).application).toBe("shop");
    expect((await findWorkspace(join(elsewhere, "other/work/link"))).application).toBe("other");
  });

  test("a .workspace that does not name an application is refused at its line", async () => {
    const answers: string[] = [];
    for (const [what, text] of Object.entries({
      empty: "",
      "a list": "- shop\n",
      "another key": "# ours\nname: shop\n",
      "a map for a name": "# ours\n\napplication: {name: shop}\n",
      "no name": "application: my shop\n",
      "nothing for a name": "application:\n",
      broken: 'application: "shop\nx: [\n',
    })) {
      const root = await folderWith({ "copilot/.workspace": text });
      answers.push(`${what}: ${await refusal(findWorkspace(root))}`);
    }
    const absent = await folderWith({ "copilot/": "" });
    answers.push(`absent: ${await refusal(findWorkspace(absent))}`);
    expect(answers.join("\n")).toMatchInlineSnapshot(`
      "empty: workspace/invalid: copilot/.workspace:1:1  does not name the application
        it needs one line: \`application: NAME\`
      a list: workspace/invalid: copilot/.workspace:1:1  does not name the application
        it needs one line: \`application: NAME\`
      another key: workspace/invalid: copilot/.workspace:1:1  does not name the application
        it needs one line: \`application: NAME\`
      a map for a name: workspace/invalid: copilot/.workspace:3:1  \`application\` must be a name
        it needs one line: \`application: NAME\`
      no name: workspace/invalid: copilot/.workspace:1:14  the application's name may only have lower-case letters, digits and dashes
        it needs one line: \`application: NAME\`
      nothing for a name: workspace/invalid: copilot/.workspace:1:1  \`application\` must be a name
        it needs one line: \`application: NAME\`
      broken: workspace/invalid: copilot/.workspace:3:1  not YAML: Missing closing "quote
        it needs one line: \`application: NAME\`
      absent: workspace/not-found: copilot/.workspace  this file is missing, so the folder is no application's workspace
        pilotfish app init"
    `);
  });

  test("the application is taken as it is written", async () => {
    const root = await folderWith({
      "copilot/.workspace": "# who we are\napplication: on # not a truth\n",
    });
    expect((await findWorkspace(root)).application).toBe("on");
  });
});

describe("what lies in it", () => {
  test("workloads are the folders with a manifest, also linked ones; all else is passed over", async () => {
    const root = await folderWith({
      ...shop,
      "copilot/web/manifest.yml": "name: web\n",
      "copilot/api/manifest.yml": "name: api\n",
      "copilot/api/addons/table.yml": "",
      "copilot/notes/readme.md": "",
      "copilot/environments/manifest.yml": "",
      "copilot/environments/test/manifest.yml": "name: test\n",
      "copilot/environments/addons/x.yml": "",
      "copilot/pipelines/manifest.yml": "",
      "copilot/.DS_Store": "",
      "copilot/environments/.DS_Store": "",
      "copilot/stray.yml": "",
      "common/jobs/manifest.yml": "name: jobs\n",
    });
    await symlink(join(root, "common/jobs"), join(root, "copilot/jobs"));
    await symlink(join(root, "nowhere"), join(root, "copilot/gone"));
    const workspace = await findWorkspace(root);
    expect(await workspace.listWorkloads()).toEqual(["api", "jobs", "web"]);
    expect(await workspace.listEnvironments()).toEqual(["test"]);
    expect(await workspace.readWorkload("jobs")).toEqual({
      file: "copilot/jobs/manifest.yml",
      text: "name: jobs\n",
      folder: "jobs",
    });
  });

  test("a folder in the place of a manifest is no file, and is told when it is read", async () => {
    const root = await folderWith({ ...shop, "copilot/odd/manifest.yml/": "" });
    const workspace = await findWorkspace(root);
    expect(await workspace.listWorkloads()).toEqual(["odd"]);
    expect(await refusal(workspace.readWorkload("odd"))).toMatchInlineSnapshot(`
      "workspace/invalid: copilot/odd/manifest.yml  this is a folder, and a manifest is a file
        move it out of the way: mv copilot/odd/manifest.yml copilot/odd/manifest.yml.d"
    `);
  });

  test("pipelines are the folders with a manifest, after the one that older workspaces have", async () => {
    const root = await folderWith({
      ...shop,
      "copilot/pipelines/release/manifest.yml": "name: release\n",
      "copilot/pipelines/network/manifest.yml": "name: network\n",
      "copilot/pipelines/network/overrides/cfn.patches.yml": "",
      "copilot/pipelines/empty/buildspec.yml": "",
      "copilot/pipelines/manifest.yml": "",
      "copilot/pipelines/.DS_Store": "",
      "copilot/buildspec.yml": "",
      "src/": "",
    });
    const workspace = await findWorkspace(join(root, "src"));
    const folders = ["copilot/pipelines/network", "copilot/pipelines/release"];
    expect(await workspace.listPipelines()).toEqual(folders);
    await writeFile(join(root, "copilot/pipeline.yml"), "name: pipeline-shop\n");
    expect(await workspace.listPipelines()).toEqual(["copilot", ...folders]);
    expect(await Promise.all(["copilot", folders[1] ?? ""].map((each) => workspace.readPipeline(each)))).toEqual([
      { file: "../copilot/pipeline.yml", text: "name: pipeline-shop\n", folder: "copilot" },
      { file: "../copilot/pipelines/release/manifest.yml", text: "name: release\n", folder: "release" },
    ]);
  });

  test("environments may be a link that leads out of the folder", async () => {
    const outside = await folderWith({ "prod/manifest.yml": "name: prod\n" });
    const root = await folderWith(shop);
    await symlink(outside, join(root, "copilot/environments"));
    const workspace = await findWorkspace(root);
    expect(await workspace.readEnvironment("prod")).toMatchObject({
      folder: "prod",
      text: "name: prod\n",
    });
  });

  test("files are shown as one would type them from where one is", async () => {
    const root = await folderWith({
      ...shop,
      "copilot/api/manifest.yml": "name: api\n",
      "src/": "",
    });
    expect((await (await findWorkspace(join(root, "src"))).readWorkload("api")).file).toBe(
      "../copilot/api/manifest.yml",
    );
  });

  test("an unknown name is answered with the nearest one", async () => {
    const root = await folderWith({
      ...shop,
      "copilot/frontend/manifest.yml": "",
      "copilot/api/manifest.yml": "",
      "copilot/environments/test/manifest.yml": "",
    });
    const workspace = await findWorkspace(root);
    expect(await refusal(workspace.readWorkload("fronted"))).toMatchInlineSnapshot(`
      "workspace/workload-not-found: there is no copilot/fronted/manifest.yml
        did you mean frontend? There are: api, frontend"
    `);
    expect(await refusal(workspace.readWorkload("environments/test"))).toMatchInlineSnapshot(`
      "workspace/workload-not-found: there is no copilot/environments/test/manifest.yml
        there are: api, frontend"
    `);
    expect(await refusal(workspace.readEnvironment("tset"))).toMatchInlineSnapshot(`
      "workspace/environment-not-found: there is no copilot/environments/tset/manifest.yml
        did you mean test? There are: test"
    `);
    expect(await refusal(workspace.readEnvironment("tests"))).toMatchInlineSnapshot(`
      "workspace/environment-not-found: there is no copilot/environments/tests/manifest.yml
        did you mean test? There are: test"
    `);
  });

  test("where there is no workload yet, the hint makes it", async () => {
    const workspace = await findWorkspace(await folderWith(shop));
    expect(await refusal(workspace.readWorkload("api"))).toMatchInlineSnapshot(`
      "workspace/workload-not-found: there is no copilot/api/manifest.yml
        pilotfish svc init -n api"
    `);
  });

  test("of a huge file no more is read than is needed to see that it is too long", async () => {
    const root = await folderWith({ ...shop, "copilot/api/manifest.yml": "ä".repeat(5_000_000) });
    const { text } = await (await findWorkspace(root)).readWorkload("api");
    expect(Buffer.byteLength(text)).toBeGreaterThan(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024 + 8);
  });

  test("a byte order mark is no part of the text", async () => {
    const root = await folderWith({ ...shop, "copilot/api/manifest.yml": "\uFEFFname: api\n" });
    expect((await (await findWorkspace(root)).readWorkload("api")).text).toBe("name: api\n");
  });
});

describe("writing", () => {
  test("a new workspace is written as Copilot writes it, and once is enough", async () => {
    const root = await folderWith({});
    const first = await createWorkspace(root, "shop");
    expect(first).toMatchObject({ file: "copilot/.workspace", creation: "created" });
    expect(await readFile(join(root, "copilot/.workspace"), "utf8")).toBe("application: shop\n");
    expect((await createWorkspace(root, "shop")).creation).toBe("unchanged");
    expect(await refusal(createWorkspace(root, "store"))).toMatchInlineSnapshot(`
      "workspace/invalid: copilot/.workspace  this workspace belongs to the application shop
        leave the name out, or use shop"
    `);
  });

  test("a workspace with other text but the same application is left alone", async () => {
    const root = await folderWith({ "copilot/.workspace": "# ours\napplication: shop\n" });
    expect((await createWorkspace(root, "shop")).creation).toBe("unchanged");
    expect(await readFile(join(root, "copilot/.workspace"), "utf8")).toBe("# ours\napplication: shop\n");
  });

  test("a manifest is created once, compared afterwards, never replaced, and leaves nothing beside it", async () => {
    const root = await folderWith(shop);
    const workspace = await findWorkspace(root);
    expect(await workspace.createWorkload("api", "name: api\n")).toEqual({
      file: "copilot/api/manifest.yml",
      creation: "created",
    });
    expect((await workspace.createWorkload("api", "name: api\n")).creation).toBe("unchanged");
    expect((await workspace.createWorkload("api", "name: other\n")).creation).toBe("different");
    expect((await workspace.readWorkload("api")).text).toBe("name: api\n");
    expect(await readdir(join(root, "copilot/api"))).toEqual(["manifest.yml"]);
  });

  test("what cannot be written says why", async () => {
    const root = await folderWith({ ...shop, "copilot/api": "a file, not a folder" });
    const workspace = await findWorkspace(root);
    expect(await refusal(workspace.createWorkload("api", "name: api\n"), { [root]: "ROOT" })).toMatchInlineSnapshot(`
        "workspace/write-failed: ROOT/copilot/api/manifest.yml  could not be written: a file stands where a folder is needed
          make the folder writable or free some space, then run the command again"
      `);
    await mkdir(join(root, "copilot/web/manifest.yml"), { recursive: true });
    expect((await workspace.createWorkload("web", "name: web\n")).creation).toBe("different");
  });
});
