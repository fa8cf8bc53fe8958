import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { validateWorkspace } from "../../../src/actions/validate-workspace.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";
import { folderWith } from "../../support/files.ts";

async function validate(
  files: Record<string, string>,
  options: { name?: string; env?: string; strict?: boolean } = {},
) {
  const root = await folderWith({ "copilot/.workspace": "application: shop\n", ...files });
  return validateFolder(root, options);
}

async function validateFolder(root: string, options: { name?: string; env?: string; strict?: boolean } = {}) {
  const {
    diagnostics,
    leftOut: _,
    ...rest
  } = await validateWorkspace({
    workspace: await findWorkspace(root),
    variables: { TAG: "v1" },
    strict: false,
    ...options,
  });
  const lines = diagnostics.map(
    ({ severity, file, line, column, message, code, environments }) =>
      `${file}:${line}:${column} ${severity} ${message} (${[code, ...(environments ?? [])].join(" ")})`,
  );
  return { lines, ...rest };
}

const environment = (name: string) => `name: ${name}\ntype: Environment\n`;

const service = (more = "") => `name: api
type: Backend Service
image:
  location: example/api:\${TAG}
${more}`;

test("a workspace without problems", async () => {
  const files = {
    "copilot/api/manifest.yml": service(),
    "copilot/environments/test/manifest.yml": environment("test"),
  };
  expect(await validate(files)).toEqual({ lines: [], files: 2, failed: false });
  expect(await validate({})).toEqual({ lines: [], files: 0, failed: false });
});

test("a problem of the base is told once, those of every overlay too, in the order of the lines", async () => {
  const files = {
    "copilot/api/manifest.yml": service(`memory: lots
environments:
  test:
    cpu: many
  prod:
    coutn: 2
`),
    "copilot/web/manifest.yml": "name: web\n",
    "copilot/environments/test/manifest.yml": environment("test"),
  };
  expect(await validate(files)).toMatchInlineSnapshot(`
    {
      "failed": true,
      "files": 3,
      "lines": [
        "copilot/api/manifest.yml:5:9 error \`memory\` must be a whole number, not \`lots\` (schema/type)",
        "copilot/api/manifest.yml:8:10 error \`cpu\` must be a whole number, not \`many\` (schema/type)",
        "copilot/api/manifest.yml:10:5 warning unknown key \`coutn\`; it has no effect (schema/unknown-key)",
        "copilot/web/manifest.yml:1:1 error \`type\` is missing (schema/missing)",
      ],
    }
  `);
});

test("one workload and one environment can be picked", async () => {
  const files = { "copilot/api/manifest.yml": service(), "copilot/web/manifest.yml": "name: web\n" };
  expect(await validate(files, { name: "api", env: "test" })).toEqual({ lines: [], files: 1, failed: false });
});

test("a shell variable that is not set is a warning, and a failure when warnings are", async () => {
  const files = { "copilot/api/manifest.yml": service("variables:\n  A: ${UNSET}\n") };
  expect(await validate(files)).toMatchInlineSnapshot(`
    {
      "failed": false,
      "files": 1,
      "lines": [
        "copilot/api/manifest.yml:6:6 warning the variable \`UNSET\` is not set (interpolation/undefined)",
      ],
    }
  `);
  expect((await validate(files, { strict: true })).failed).toBe(true);
});

test("a file that is no YAML is no obstacle for the others", async () => {
  const files = { "copilot/api/manifest.yml": "a: [\n", "copilot/web/manifest.yml": "- web\n" };
  expect(await validate(files)).toMatchInlineSnapshot(`
    {
      "failed": true,
      "files": 2,
      "lines": [
        "copilot/api/manifest.yml:1:4 error this bracket is never closed (yaml/syntax)",
        "copilot/web/manifest.yml:1:1 error a manifest is a map of keys, not a list (yaml/not-a-map)",
      ],
    }
  `);
});

describe("environments", () => {
  const web = (name: string, more = "") => `name: ${name}
type: Backend Service
image:
  location: example/${name}
cpu: 256
${more}`;

  test("a problem says where it counts, when not everywhere", async () => {
    const files = {
      "copilot/api/manifest.yml": web(
        "api",
        "memory: 4096\nenvironments:\n  test:\n    memory: 512\n  prod:\n    cpu: 512\n  dev:\n    count: 2\n",
      ),
      "copilot/web/manifest.yml": web("web", "environments:\n  prod:\n    memory: 777\n  stage:\n    memory: 777\n"),
    };
    expect(await validate(files)).toMatchInlineSnapshot(`
      {
        "failed": true,
        "files": 2,
        "lines": [
          "copilot/api/manifest.yml:6:9 error 4096 MiB does not go with 256 CPU units (task/size * dev)",
          "copilot/web/manifest.yml:8:13 error 777 MiB does not go with 256 CPU units (task/size prod)",
          "copilot/web/manifest.yml:10:13 error 777 MiB does not go with 256 CPU units (task/size stage)",
        ],
      }
    `);
    expect((await validate(files, { env: "test" })).lines).toEqual([]);
    expect((await validate(files, { env: "local" })).lines).toMatchInlineSnapshot(`
      [
        "copilot/api/manifest.yml:6:9 error 4096 MiB does not go with 256 CPU units (task/size)",
      ]
    `);
  });

  test("a variable that names the environment is checked in each", async () => {
    const files = {
      "copilot/api/manifest.yml": web("api", "env_file: ${COPILOT_ENVIRONMENT_NAME}.env\n"),
      "copilot/environments/test/manifest.yml": environment("test"),
      "copilot/environments/prod/manifest.yml": environment("prod"),
      "prod.env": "A=1\n",
    };
    expect(await validate(files)).toMatchInlineSnapshot(`
      {
        "failed": true,
        "files": 3,
        "lines": [
          "copilot/api/manifest.yml:6:11 error there is no environment file \`test.env\` (files/missing test)",
        ],
      }
    `);
  });

  test("what an environment cannot give a workload, whether the application has a domain or not", async () => {
    const certificates = '["arn:aws:acm:eu-west-1:123456789012:certificate/1"]';
    const named = (name: string, http: string) =>
      `name: ${name}\ntype: Load Balanced Web Service\nimage: { location: x, port: 80 }\nhttp: ${http}\n`;
    const files = {
      "copilot/environments/prod/manifest.yml": `${environment("prod")}http: { public: { certificates: ${certificates} } }\n`,
      "copilot/environments/test/manifest.yml": environment("test"),
      "copilot/bare/manifest.yml": named("bare", "{ path: /bare }"),
      "copilot/named/manifest.yml": named(
        "named",
        "{ path: /named, alias: [{ name: a.example.com, hosted_zone: Z1 }] }",
      ),
      "copilot/inner/manifest.yml":
        "name: inner\ntype: Backend Service\nimage: { location: x, port: 80 }\nhttp: { path: /, alias: a.internal }\n",
    };
    expect(await validate(files)).toMatchInlineSnapshot(`
      {
        "failed": false,
        "files": 5,
        "lines": [
          "copilot/bare/manifest.yml:4:1 warning prod imports certificates, so each rule needs an \`alias\` that they are for (environment/alias)",
          "copilot/inner/manifest.yml:4:25 warning an \`alias\` of a Backend Service needs certificates for the internal load balancer, and prod has none (environment/alias)",
          "copilot/inner/manifest.yml:4:25 warning an \`alias\` of a Backend Service needs certificates for the internal load balancer, and test has none (environment/alias)",
          "copilot/named/manifest.yml:4:23 warning a hosted zone can be named only where certificates are imported, and test imports none (environment/hosted-zone)",
        ],
      }
    `);
    expect((await validate(files, { name: "bare" })).lines).toMatchInlineSnapshot(`
      [
        "copilot/bare/manifest.yml:4:1 warning prod imports certificates, so each rule needs an \`alias\` that they are for (environment/alias)",
      ]
    `);
    expect((await validate(files, { env: "test", name: "bare" })).lines).toEqual([]);
  });

  test("what an environment's manifest needs to be one", async () => {
    const files = {
      "copilot/environments/a/manifest.yml": "name: b\ntype: Environmnet\n",
      "copilot/environments/b/manifest.yml": "name: [b]\n",
      "copilot/environments/c/manifest.yml": "name: c\ntype: Environment\nhttp: {\n",
      "copilot/environments/d/manifest.yml": "",
      "copilot/environments/e/manifest.yml": "name: e\ntype: Environment\ncdn: ${NOBODY}\n",
    };
    expect(await validate(files)).toMatchInlineSnapshot(`
      {
        "failed": true,
        "files": 5,
        "lines": [
          "copilot/environments/a/manifest.yml:1:7 error the name is \`b\`, but the folder is \`a\` (environment/name)",
          "copilot/environments/a/manifest.yml:2:7 error the type is \`Environmnet\`, but this folder holds manifests of environments (environment/type)",
          "copilot/environments/b/manifest.yml:1:1 error \`name\` must be text, not a list (schema/type)",
          "copilot/environments/b/manifest.yml:1:1 error \`type\` is missing (schema/missing)",
          "copilot/environments/c/manifest.yml:3:7 error this bracket is never closed (yaml/syntax)",
          "copilot/environments/d/manifest.yml:1:1 error the manifest is empty (yaml/empty)",
          "copilot/environments/e/manifest.yml:3:6 warning the variable \`NOBODY\` is not set (interpolation/undefined)",
        ],
      }
    `);
  });
});

test("a manifest that lies where none is read is told, with its place", async () => {
  const files = {
    "copilot/api/manifest.yml": service(),
    "copilot/api/manifest.yaml": service(),
    "copilot/web/manifest.yaml": service(),
    "copilot/jobs/report/manifest.yml": "name: report\ntype: Scheduled Job\n",
    "copilot/old/api/manifest.yml": service(),
    "copilot/_aside/shop/manifest.yml": service(),
    "copilot/charts/web2/manifest.yml": "kind: Chart\n",
    "copilot/environments/manifest.yml": environment("test"),
    "copilot/environments/prod/manifest.yaml": environment("prod"),
    "copilot/manifest.yml": service(),
  };
  expect((await validate(files)).lines).toMatchInlineSnapshot(`
    [
      "copilot/environments/manifest.yml:1:1 warning this manifest is read by nothing (workspace/unread-manifest)",
      "copilot/environments/prod/manifest.yaml:1:1 warning this manifest is read by nothing (workspace/unread-manifest)",
      "copilot/jobs/report/manifest.yml:1:1 warning this manifest is read by nothing (workspace/unread-manifest)",
      "copilot/manifest.yml:1:1 warning this manifest is read by nothing (workspace/unread-manifest)",
      "copilot/web/manifest.yaml:1:1 warning this manifest is read by nothing (workspace/unread-manifest)",
    ]
  `);
  expect((await validate(files, { name: "api" })).lines).toEqual([]);
  const workspace = await findWorkspace(await folderWith({ "copilot/.workspace": "application: shop\n", ...files }));
  expect((await workspace.listUnread()).map(({ instead }) => instead)).toMatchInlineSnapshot(`
    [
      "copilot/NAME/manifest.yml",
      "copilot/environments/NAME/manifest.yml",
      "copilot/environments/prod/manifest.yml",
      "copilot/report/manifest.yml",
      "copilot/web/manifest.yml",
    ]
  `);
});

describe("files that manifests name", () => {
  const built = (build: string, more = "") => `name: api\ntype: Backend Service\nimage:\n  build:${build}\n${more}`;

  test("what is not there is told at its line", async () => {
    const files = {
      "copilot/a/manifest.yml": built(" web/Dockerfile", "env_file: a.env\n").replace("api", "a"),
      "copilot/b/manifest.yml": built("\n    context: gone\n").replace("api", "b"),
      "copilot/c/manifest.yml": built("\n    context: web\n    dockerfile: web\n").replace("api", "c"),
      "copilot/d/manifest.yml": built("\n    target: x\n").replace("api", "d"),
      "copilot/e/manifest.yml": built(
        " web/main.go",
        "logging:\n  env_file: log.env\nsidecars:\n  side:\n    image:\n      build:\n        context: web/main.go\n    env_file: side.env\n",
      ).replace("api", "e"),
      "web/main.go": "",
      "side.env/": "",
    };
    expect((await validate(files)).lines).toMatchInlineSnapshot(`
      [
        "copilot/a/manifest.yml:4:10 error there is no Dockerfile \`web/Dockerfile\` (files/missing)",
        "copilot/a/manifest.yml:5:11 error there is no environment file \`a.env\` (files/missing)",
        "copilot/b/manifest.yml:5:14 error there is no build context \`gone\` (files/missing)",
        "copilot/c/manifest.yml:6:17 error the Dockerfile \`web\` is not a file (files/kind)",
        "copilot/d/manifest.yml:4:3 error there is no Dockerfile \`Dockerfile\` (files/missing)",
        "copilot/e/manifest.yml:6:13 error there is no environment file \`log.env\` (files/missing)",
        "copilot/e/manifest.yml:11:18 error the build context \`web/main.go\` is not a folder (files/kind)",
        "copilot/e/manifest.yml:12:15 error the environment file \`side.env\` is not a file (files/kind)",
      ]
    `);
  });

  test("folders that backslashes part are written with slashes", async () => {
    const root = await folderWith({
      "copilot/.workspace": "application: shop\n",
      "copilot/api/manifest.yml": built(" web\\Dockerfile"),
      "web/Dockerfile": "FROM scratch\n",
    });
    const workspace = await findWorkspace(root);
    const { diagnostics } = await validateWorkspace({ workspace, variables: {}, strict: false });
    expect(diagnostics.map(({ message, hint }) => `${message}: ${hint}`)).toMatchInlineSnapshot(`
      [
        "there is no Dockerfile \`web\\Dockerfile\`: folders are parted by \`/\`: \`web/Dockerfile\`",
      ]
    `);
  });

  test("a path with a variable that is not set cannot be checked, and nothing more is said of it", async () => {
    const files = {
      "copilot/api/manifest.yml": built(
        "\n    context: ${NOBODY}\n    dockerfile: x/Dockerfile\n",
        "env_file: ${NOBODY}.env\n",
      ),
    };
    expect((await validate(files)).lines).toMatchInlineSnapshot(`
      [
        "copilot/api/manifest.yml:5:14 warning the variable \`NOBODY\` is not set (interpolation/undefined)",
        "copilot/api/manifest.yml:8:11 warning the variable \`NOBODY\` is not set (interpolation/undefined)",
      ]
    `);
  });

  test("a link or a path may leave the workspace within a git work tree, and beyond it with a warning", async () => {
    const outside = await folderWith({ Dockerfile: "FROM scratch\n" });
    const repository = await folderWith({
      "app/copilot/.workspace": "application: shop\n",
      "app/copilot/api/manifest.yml": built(" ../shared/Dockerfile", "env_file: link.env\n"),
      "shared/Dockerfile": "FROM scratch\n",
      "shared/real": "A=1\n",
    });
    const app = join(repository, "app");
    await symlink("../shared/real", join(app, "link.env"));
    expect((await validateFolder(app)).lines).toMatchInlineSnapshot(`
      [
        "copilot/api/manifest.yml:4:10 warning the Dockerfile \`../shared/Dockerfile\` lies outside of the project (files/outside)",
        "copilot/api/manifest.yml:5:11 warning the environment file \`link.env\` lies outside of the project (files/outside)",
      ]
    `);
    execFileSync("git", ["init", "--quiet"], { cwd: repository });
    expect(await validateFolder(app, { strict: true })).toEqual({ lines: [], files: 1, failed: false });

    await symlink(outside, join(app, "elsewhere"));
    await writeFile(join(app, "copilot/api/manifest.yml"), built(" elsewhere/Dockerfile"));
    expect(await validateFolder(app)).toMatchInlineSnapshot(`
      {
        "failed": false,
        "files": 1,
        "lines": [
          "copilot/api/manifest.yml:4:10 warning the Dockerfile \`elsewhere/Dockerfile\` lies outside of the project (files/outside)",
        ],
      }
    `);
    expect(await validateFolder(app, { strict: true })).toMatchInlineSnapshot(`
      {
        "failed": true,
        "files": 1,
        "lines": [
          "copilot/api/manifest.yml:4:10 error the Dockerfile \`elsewhere/Dockerfile\` lies outside of the project (files/outside)",
        ],
      }
    `);
  });

  test("ECS's rules for environment files are checked line by line, and no value is shown", async () => {
    const files = {
      "copilot/api/manifest.yml": service("env_file: api.env\n"),
      "copilot/web/manifest.yml": service("env_file: api.env\n").replace("name: api", "name: web"),
      "api.env": [
        "# a comment",
        "",
        "GOOD=a b = c",
        "EMPTY=",
        "  # indented",
        "hunter2",
        "export TOKEN=hunter2",
        "SPACED = hunter2",
        "=hunter2",
        'QUOTED="hunter2"',
        "GOOD=hunter2",
        "WINDOWS=1\r",
      ].join("\n"),
    };
    const { lines } = await validate(files);
    expect(lines).toMatchInlineSnapshot(`
      [
        "api.env:5:3 warning a comment begins at the start of its line; ECS does not take this one (env-file/line)",
        "api.env:6:1 warning this line is no \`NAME=value\`, and ECS does not take it (env-file/line)",
        "api.env:7:1 warning ECS takes no \`export\`: it becomes part of the name (env-file/line)",
        "api.env:8:1 warning a name with a blank in it is one that no program looks for (env-file/line)",
        "api.env:9:1 warning a variable must have a name (env-file/line)",
        "api.env:10:8 warning the quotes become part of the value of \`QUOTED\`: ECS takes values as they stand (env-file/quotes)",
        "api.env:11:1 warning \`GOOD\` is already given at line 3 (env-file/twice)",
      ]
    `);
    expect(JSON.stringify(lines)).not.toContain("hunter2");
  });

  test("an environment file is text in UTF-8", async () => {
    const root = await folderWith({
      "copilot/.workspace": "application: shop\n",
      "copilot/api/manifest.yml": service("env_file: api.env\n"),
    });
    await writeFile(join(root, "api.env"), Buffer.from([0x41, 0x3d, 0xe4, 0x0a, 0x42, 0x3d, 0x00]));
    expect((await validateFolder(root)).lines).toMatchInlineSnapshot(`
      [
        "api.env:1:3 error an environment file is text in UTF-8, and this is not UTF-8 (env-file/encoding)",
        "api.env:2:3 error an environment file is text in UTF-8, and this is a zero byte (env-file/encoding)",
      ]
    `);
  });
});

describe("services on one path", () => {
  const web = (name: string, http: string, more = "") =>
    `name: ${name}\ntype: Load Balanced Web Service\nimage: { location: x, port: 80 }\nhttp: ${http}\n${more}`;
  const shop = (services: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(services).map(([name, http]) => [
        `copilot/${name}/manifest.yml`,
        web(name, ...(http.split("|") as [string, string?])),
      ]),
    );
  const lines = async (services: Record<string, string>, options = {}) =>
    (await validate(shop(services), options)).lines;

  test("the second is told where the first is", async () => {
    expect(await lines({ api: "{ path: /api }", web: "{ path: / }", shop: "{ path: / }" })).toMatchInlineSnapshot(`
      [
        "copilot/web/manifest.yml:4:15 error the service \`shop\` has the path \`/\` too, at copilot/shop/manifest.yml:4:15 (http/same-path)",
      ]
    `);
  });

  test("a slash before or behind the path makes no difference, nor do additional rules", async () => {
    expect(
      await lines({
        a: "{ path: api }",
        b: "{ path: /api/ }",
        c: "{ path: /c, additional_rules: [{ path: /x }, { path: api }] }",
        d: "{ path: /API }",
        e: "{ path: '/x/*' }",
      }),
    ).toMatchInlineSnapshot(`
      [
        "copilot/b/manifest.yml:4:15 error the service \`a\` has the path \`api\` too, at copilot/a/manifest.yml:4:15 (http/same-path)",
        "copilot/c/manifest.yml:4:60 error the service \`a\` has the path \`api\` too, at copilot/a/manifest.yml:4:15 (http/same-path)",
        "copilot/e/manifest.yml:4:15 error the service \`c\` has the path \`/x\` too, at copilot/c/manifest.yml:4:46 (http/same-path)",
      ]
    `);
  });

  test("names of their own, source addresses and load balancers keep services apart", async () => {
    expect(
      await lines({
        a: "{ path: /, alias: a.example.com }",
        b: "{ path: /, alias: [b.example.com, c.example.com] }",
        c: "{ path: / }",
        d: "{ path: /, allowed_source_ips: [10.0.0.0/8] }",
        e: "{ path: /, alb: mine }",
      }),
    ).toEqual([]);
    expect(
      await lines({
        a: "{ path: /, alias: A.example.com }",
        b: "{ path: /, alias: [{ name: a.example.com }, b.example.com] }",
        d: "{ path: /, allowed_source_ips: [10.0.0.0/8] }",
        e: "{ path: /, allowed_source_ips: [10.0.0.0/8, 10.1.0.0/16] }",
        f: "{ path: /, alb: mine }",
        g: "{ path: /, alb: mine }",
      }),
    ).toMatchInlineSnapshot(`
      [
        "copilot/b/manifest.yml:4:15 error the service \`a\` has the path \`/\` of \`a.example.com\` too, at copilot/a/manifest.yml:4:15 (http/same-path)",
        "copilot/e/manifest.yml:4:15 error the service \`d\` has the path \`/\` too, at copilot/d/manifest.yml:4:15 (http/same-path)",
        "copilot/g/manifest.yml:4:15 error the service \`f\` has the path \`/\` too, at copilot/f/manifest.yml:4:15 (http/same-path)",
      ]
    `);
  });

  test("Backend Services have names of their own, unless they share an alias", async () => {
    const backend = (name: string, http: string) =>
      `name: ${name}\ntype: Backend Service\nimage: { location: x, port: 80 }\nhttp: ${http}\n`;
    const files = {
      "copilot/a/manifest.yml": backend("a", "{ path: / }"),
      "copilot/b/manifest.yml": backend("b", "{ path: / }"),
      "copilot/c/manifest.yml": backend("c", "{ path: /, alias: x.internal }"),
      "copilot/d/manifest.yml": backend("d", "{ path: /, alias: x.internal }"),
      "copilot/e/manifest.yml": web("e", "{ path: /, alias: x.internal }"),
    };
    expect((await validate(files)).lines).toMatchInlineSnapshot(`
      [
        "copilot/d/manifest.yml:4:15 error the service \`c\` has the path \`/\` of \`x.internal\` too, at copilot/c/manifest.yml:4:15 (http/same-path)",
      ]
    `);
  });

  test("an environment may bring them together, or apart", async () => {
    const services = {
      a: "{ path: / }|environments: { prod: { http: { path: /a } } }",
      b: "{ path: /b }|environments: { test: { http: { path: / } }, prod: { http: { path: /a } } }",
      c: "{ path: /b }|environments: { test: { http: { path: /c } } }",
    };
    expect(await lines(services)).toMatchInlineSnapshot(`
      [
        "copilot/b/manifest.yml:5:39 error the service \`a\` has the path \`/\` too, at copilot/a/manifest.yml:4:15 (http/same-path test)",
        "copilot/b/manifest.yml:5:68 error the service \`a\` has the path \`/a\` too, at copilot/a/manifest.yml:5:39 (http/same-path prod)",
        "copilot/c/manifest.yml:4:15 error the service \`b\` has the path \`/b\` too, at copilot/b/manifest.yml:4:15 (http/same-path *)",
      ]
    `);
    expect(await lines(services, { env: "test", name: "a" })).toMatchInlineSnapshot(`
      [
        "copilot/a/manifest.yml:4:15 error the service \`b\` has the path \`/\` too, at copilot/b/manifest.yml:5:39 (http/same-path)",
      ]
    `);
    expect(await lines(services, { env: "test", name: "c" })).toEqual([]);
  });
});

test("what a plan shows to be too much, or not there, is told at its line", async () => {
  const files = {
    "copilot/api/manifest.yml": service(
      "taskdef_overrides:\n  - path: ContainerDefinitions[1].StopTimeout\n    value: 5\nenvironments:\n  test:\n    sidecars: { side: { image: x } }\n",
    ),
  };
  expect((await validate(files)).lines).toMatchInlineSnapshot(`
    [
      "copilot/api/manifest.yml:6:11 error there is no \`ContainerDefinitions[1]\`: the list has one element (taskdef-overrides/element *)",
    ]
  `);
});

test("a link that leads nowhere in the place of a manifest is told", async () => {
  const root = await folderWith({ "copilot/.workspace": "application: shop\n", "copilot/api/manifest.yml": service() });
  await mkdir(join(root, "copilot/web"));
  await symlink("nowhere", join(root, "copilot/web/manifest.yml"));
  expect((await validateFolder(root)).lines).toMatchInlineSnapshot(`
    [
      "copilot/web/manifest.yml:1:1 error this link leads nowhere (workspace/invalid)",
    ]
  `);
});

test("a folder in the place of a manifest is told", async () => {
  const root = await folderWith({ "copilot/.workspace": "application: shop\n", "copilot/api/manifest.yml": service() });
  await mkdir(join(root, "copilot/web/manifest.yml"), { recursive: true });
  expect((await validateFolder(root)).lines).toMatchInlineSnapshot(`
    [
      "copilot/web/manifest.yml:1:1 error this is a folder, and a manifest is a file (workspace/invalid)",
    ]
  `);
});

describe("a manifest that only its overlays make whole", () => {
  const api = `name: api
type: Backend Service
environments:
  test: { image: { location: nginx } }
  prod: { image: { location: nginx } }
`;

  test("is good where every environment has one, but for a warning about those to come", async () => {
    const files = { "copilot/api/manifest.yml": api, "copilot/environments/test/manifest.yml": environment("test") };
    expect(await validate(files)).toMatchInlineSnapshot(`
      {
        "failed": false,
        "files": 2,
        "lines": [
          "copilot/api/manifest.yml:1:1 warning \`image\` is missing (schema/missing *)",
        ],
      }
    `);
    expect(await validate(files, { env: "test" })).toMatchObject({ lines: [], failed: false });
    expect(await validate(files, { strict: true })).toMatchObject({ failed: true });
  });

  test("is not good for an environment without", async () => {
    const files = { "copilot/api/manifest.yml": api, "copilot/environments/qa/manifest.yml": environment("qa") };
    expect(await validate(files)).toMatchInlineSnapshot(`
      {
        "failed": true,
        "files": 2,
        "lines": [
          "copilot/api/manifest.yml:1:1 error \`image\` is missing (schema/missing *)",
        ],
      }
    `);
  });
});
