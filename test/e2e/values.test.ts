import { createHash, randomBytes } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchCommandLines } from "../support/command-lines.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { docker } from "../support/docker.ts";
import { daemonPid, ownerOf } from "../support/end-simulator.ts";
import { listeningAddresses } from "../support/listening.ts";
import { runCli } from "../support/run-cli.ts";
import { serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";

const names = ["PARAMETER", "PARAMETER_ARN", "WHOLE", "MEMBER", "FORMER", "FROM_FILE", "TABLE"];

const manifest = `image: { build: Dockerfile, port: 8080 }
http: { path: /, deregistration_delay: 1s }
env_file: prod.env
variables: { TABLE: { from_cfn: shop-Table } }
secrets:
  PARAMETER: /shop/key
  PARAMETER_ARN: arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key
  WHOLE: { secretsmanager: prod/plain }
  MEMBER: { secretsmanager: "prod/db:password::" }
  FORMER: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/plain-a1B2c3::AWSPREVIOUS:"
`;

/** Shows that the values are there without showing them. */
const fingerprints = `#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
${names.map((name) => `printf '${name} %s\\n' "$(printf %s "$${name}" | sha256sum | cut -d' ' -f1)"`).join("\n")}
`;

const server = {
  files: { "/www/index.html": "values", "/www/cgi-bin/fingerprints": fingerprints },
  command: ["/bin/sh", "-c", "chmod +x /www/cgi-bin/fingerprints; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait"],
  port: 8080,
};

describeWithEngine("values", () => {
  test("of every kind reach the container and nothing else: no output, file, log, argument, image or label", async () => {
    const marker = `MARK${randomBytes(16).toString("hex")}`;
    const service = await serviceFolder("api", server, manifest);
    const home = await simulatorHome();
    const place = { cwd: service.folder, home };
    const watched = watchCommandLines(marker);
    let output = "";
    const say = async (args: string[], input?: string) => {
      const { code, stdout, stderr } = await runCli(args, { ...place, input });
      output += stdout + stderr;
      return { code, stdout, stderr };
    };
    const deploy = async (...more: string[]) => {
      const said = await deployJson(["svc", "deploy", "-n", "api", "-e", "local", ...more], place);
      output += JSON.stringify(said);
      return said;
    };
    const put = async (kind: string, name: string, value: string, ...more: string[]) =>
      expect((await say(["local", "put", kind, name, ...more], `${value}\n`)).code).toBe(0);
    const values = {
      PARAMETER: `${marker}-parameter`,
      WHOLE: `${marker} 'whole' "$x"\nsecond line`,
      MEMBER: `${marker}-member`,
      FORMER: `${marker}-former`,
      FROM_FILE: `${marker}-file`,
      TABLE: "orders",
    };
    await writeFile(join(service.folder, "prod.env"), `FROM_FILE=${values.FROM_FILE}\n`);

    // An export that is missing refuses the deploy before anything is built.
    expect((await deploy()).events.at(-1)).toMatchObject({
      type: "error",
      code: "deploy/refused",
      message: "No export named shop-Table found",
      hint: "pilotfish local put export shop-Table",
    });
    await put("export", "shop-Table", values.TABLE);
    await put("parameter", "/shop/key", values.PARAMETER);
    await put("secret", "prod/db", JSON.stringify({ user: "shop", password: values.MEMBER }));

    // A secret that is missing stops the task, in ECS's words.
    expect(endOfDeploy(await deploy("--fail-fast"))).toMatchObject({
      outcome: "failed",
      firstFailure: {
        stopCode: "TaskFailedToStart",
        reason:
          "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/plain-a1B2c3 from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        hint: "pilotfish local put secret prod/plain",
      },
    });
    await put("secret", "prod/plain", values.FORMER);
    await put("secret", "prod/plain", values.WHOLE, "--overwrite");
    const deployed = endOfDeploy(await deploy());
    expect(deployed.outcome).toBe("completed");
    const answer = await fetch(new URL("/cgi-bin/fingerprints", deployed.status.urls.at(-1)));
    const wanted = names.map((name) => {
      const value = name === "PARAMETER_ARN" ? values.PARAMETER : values[name as keyof typeof values];
      return `${name} ${createHash("sha256").update(value).digest("hex")}\n`;
    });
    expect(await answer.text()).toBe(wanted.join(""));

    // While it runs: what people look at, in every form.
    const owner = ownerOf(home) as string;
    const listed = await docker("ps", "--all", "--quiet", "--no-trunc", "--filter", `label=pilotfish.owner=${owner}`);
    const ours = JSON.parse(await docker("inspect", ...listed.split("\n"))) as Inspected[];
    const withMarker = ours.filter(({ Config }) => JSON.stringify(Config.Env).includes(marker));
    expect(new Set(withMarker.map(({ Config }) => Config.Labels["pilotfish.container"]))).toEqual(new Set(["api"]));
    expect(
      JSON.stringify(ours.map(({ Config: { Env: _, ...config }, ...rest }) => ({ ...rest, config }))),
    ).not.toContain(marker);
    const image = withMarker[0]?.Image as string;
    expect(await docker("history", "--no-trunc", image)).not.toContain(marker);
    expect(await docker("image", "inspect", image)).not.toContain(marker);
    expect(await search(home, marker)).toEqual([]);
    const pid = (await daemonPid(home)) as number;
    const addresses = listeningAddresses(pid);
    expect(addresses).toContain("127.0.0.1");
    expect(addresses.filter((address) => address !== "::1" && !address.startsWith("127."))).toEqual([]);
    expect(modes(home)).toEqual({ folder: "700", "control.sock": "600", "values.key": "600", "state.db": "600" });
    expect(asNobody(home)).toEqual(
      process.getuid?.() === 0 ? ["connect EACCES", "folder EACCES", "key EACCES"] : "asked by root only",
    );

    // A version that fails with all its values.
    await service.manifest(`${manifest}command: /bin/nonexistent\n`);
    expect(endOfDeploy(await deploy()).outcome).toBe("failed");
    for (const form of [[], ["--json"], ["--debug"], ["--json", "--debug"]]) {
      await say(["svc", "deploy", "-n", "api", "-e", "local", "--fail-fast", ...form]);
      await Promise.all([
        say(["svc", "status", "-n", "api", "-e", "local", ...form]),
        say(["svc", "logs", "-n", "api", "-e", "local", "--previous", ...form]),
        say(["local", "put", "secret", "prod/plain", ...form], values.WHOLE),
        say(["local", "put", "secret", "not allowed", ...form], values.WHOLE),
        say(["local", "put", "parameter", "/much", "--overwrite", ...form], marker.repeat(1000)),
        say(["local", "values", ...form]),
      ]);
    }
    for (const command of [
      ["svc", "taskdef"],
      ["svc", "logs"],
    ])
      await say([...command, "-n", "api", "-e", "local", "--debug"]);
    expect(output.length).toBeGreaterThan(10_000);
    expect(output).not.toContain(marker);
    await say(["local", "stop"]);
    expect(await search(home, marker)).toEqual([]);
    const { found, looks } = watched();
    expect(looks).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});

interface Inspected {
  Image: string;
  Config: { Env: string[]; Labels: Record<string, string> };
}

/** The files below a folder that hold a text, byte by byte, in clear or in base64. */
async function search(folder: string, text: string): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(["state.db", "values.key", "daemon.log"]));
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return [text, Buffer.from(text).toString("base64").slice(0, -4)].some((form) => bytes.includes(form));
    });
}

function modes(home: string): Record<string, string> {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const files = ["control.sock", "values.key", "state.db"];
  return { folder: mode(home), ...Object.fromEntries(files.map((name) => [name, mode(join(home, name))])) };
}

/** What another user of this machine gets. */
function asNobody(home: string): string[] | "asked by root only" {
  if (process.getuid?.() !== 0) return "asked by root only";
  const program = `
    const { readdirSync, readFileSync } = require("node:fs");
    const tried = (name, work) => { try { work(); console.log(name, "works"); } catch (error) { console.log(name, error.code); } };
    require("node:net").connect(${JSON.stringify(join(home, "control.sock"))})
      .on("connect", () => { console.log("connect works"); process.exit(); })
      .on("error", (error) => {
        console.log("connect", error.code);
        tried("folder", () => readdirSync(${JSON.stringify(home)}));
        tried("key", () => readFileSync(${JSON.stringify(join(home, "values.key"))}));
      });`;
  const nobody = { uid: 65_534, gid: 65_534 };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], { ...nobody, cwd: "/", encoding: "utf8" });
  return stdout === "" ? [stderr] : stdout.trim().split("\n");
}
