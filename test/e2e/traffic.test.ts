import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildBusyboxImage, removeImage } from "../support/busybox-image.ts";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { startLoad } from "../support/load.ts";
import { simulatorHome } from "../support/simulator-home.ts";

/** Pages for the paths that rules lead to, each with the name of who serves it. */
const pages = Object.fromEntries(
  ["front", "api", "side"].flatMap((who) =>
    ["", "/api", "/admin", "/vpn"].map((path) => [`/${who}${path}/index.html`, who]),
  ),
);
const server = (who: string, port: number) =>
  JSON.stringify(["/bin/sh", "-c", `trap 'exit 0' TERM; httpd -f -p ${port} -h /${who} & wait`]);
const apiServer = JSON.stringify([
  "/bin/sh",
  "-c",
  "trap 'exit 0' TERM; nc -ll -p 5432 -e /bin/cat & httpd -f -p 8080 -h /api & wait",
]);

const front = (image: string) => `
name: front
type: Load Balanced Web Service
image: { location: "${image}", port: 8080 }
command: ${server("front", 8080)}
http: { path: /, alias: www.example.com, deregistration_delay: 1s }
`;
const api = (image: string, admin: string) => `
name: api
type: Load Balanced Web Service
image: { location: "${image}", port: 8080 }
command: ${apiServer}
http:
  path: api
  healthcheck: /
  deregistration_delay: 1s
  stickiness: true
  additional_rules:
    - { path: admin, ${admin}, healthcheck: { path: /, port: 9000 }, deregistration_delay: 1s }
    - { path: vpn, allowed_source_ips: [10.0.0.0/8], deregistration_delay: 1s }
nlb: { port: 5432/tcp, deregistration_delay: 1s }
sidecars:
  side:
    image: "${image}"
    port: 9000
    command: ${server("side", 9000)}
`;

describeWithEngine("two services with rules and a network load balancer", () => {
  test("are reached as their rules say, also while a rule changes its container", { timeout: 120_000 }, async () => {
    const image = `traffic${process.pid}:one`;
    await buildBusyboxImage(image, { files: pages, command: ["/bin/sh"] });
    onTestFinished(() => removeImage(image));
    const folder = await realpath(await mkdtemp(join(tmpdir(), "pf-traffic-")));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const manifest = async (name: string, text: string) => {
      await mkdir(join(folder, "copilot", name), { recursive: true });
      await writeFile(join(folder, "copilot", name, "manifest.yml"), text);
    };
    await manifest("front", front(image));
    await manifest("api", api(image, "target_container: side"));
    await writeFile(join(folder, "copilot", ".workspace"), `application: traffic${process.pid}\n`);
    const options = { cwd: folder, home: await simulatorHome() };
    const deploy = async (name: string) =>
      endOfDeploy(await deployJson(["svc", "deploy", "-n", name, "-e", "local"], options));

    const ofFront = await deploy("front");
    const ofApi = await deploy("api");
    expect([ofFront.outcome, ofApi.outcome]).toEqual(["completed", "completed"]);
    const [shared = "", admin = "", own = "", tcp = ""] = ofApi.status.urls;
    const port = new URL(shared).port;
    expect([shared, admin].map((url) => new URL(url).pathname)).toEqual(["/api", "/admin"]);
    expect([new URL(own).pathname, new URL(tcp).protocol, ofApi.status.urls.length]).toEqual(["/", "tcp:", 4]);
    expect(ofFront.status.urls.map((url) => new URL(url).hostname)).toEqual(["127.0.0.1", "www.example.com.localhost"]);

    const asked = [
      ["/", "www.example.com"],
      ["/", "WWW.Example.com:80"],
      ["/", "www.example.com.localhost"],
      ["/", "127.0.0.1"],
      ["/api/", "www.example.com"],
      ["/api/", "127.0.0.1"],
      ["/admin/", "127.0.0.1"],
      ["/vpn/", "127.0.0.1"],
    ] as const;
    const answers = [];
    for (const [path, host] of asked) answers.push(`${host}${path} ${await ask(Number(port), path, host)}`);
    expect(answers).toMatchInlineSnapshot(`
      [
        "www.example.com/ 200 front",
        "WWW.Example.com:80/ 200 front",
        "www.example.com.localhost/ 200 front",
        "127.0.0.1/ 503 no listener rule for / matches the host 127.0.0.1: the first wants www.example.com or www.example.com.localhost",
        "www.example.com/api/ 200 api",
        "127.0.0.1/api/ 200 api",
        "127.0.0.1/admin/ 200 side",
        "127.0.0.1/vpn/ 503 no listener rule for /vpn/ takes requests from 127.0.0.1: the first wants 10.0.0.0/8",
      ]
    `);
    expect(await echo(Number(new URL(tcp).port), "bytes".repeat(10_000))).toBe("bytes".repeat(10_000));

    const load = startLoad({
      url: shared,
      connections: 8,
      pauseMs: 10,
      path: (n) => (n % 2 === 0 ? "/admin/" : "/api/"),
    });
    await manifest("api", api(image, "target_port: 8080"));
    const changed = await deploy("api");
    await expect.poll(() => ask(Number(port), "/admin/", "127.0.0.1"), { timeout: 20_000 }).toBe("200 api");
    const report = await load.stop();
    expect([changed.outcome, report.failures]).toEqual(["completed", []]);
    expect(Object.keys(report.bodies).toSorted()).toEqual(["api", "side"]);
    expect(changed.status.urls).toEqual(ofApi.status.urls);
  });
});

function ask(port: number, path: string, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: "127.0.0.1", port, path, agent: false, headers: { Host: host } }, (answer) => {
      const { statusCode, headers } = answer;
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => (body += text));
      answer.on("end", () => resolve(`${statusCode} ${String(headers["x-pilotfish-reason"] ?? body)}`));
    });
    asking.on("error", reject).end();
  });
}

/** What comes back for a text, with each side ended by its own writer. */
function echo(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    let heard = "";
    socket.setEncoding("utf8").on("data", (part: string) => (heard += part));
    socket.on("error", reject).on("end", () => resolve(heard));
    socket.end(text);
  });
}
