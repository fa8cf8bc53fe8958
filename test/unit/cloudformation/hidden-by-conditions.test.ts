import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { packageCase, referenceCases } from "../../support/reference-cases.ts";

const root = packageRoot(import.meta.url);
const folder = join(root, "../shared/copilot-cases");
const tool = join(root, "../shared/tools/parity.mjs");
const cases = existsSync(tool) ? referenceCases.filter(({ command }) => command === "env") : [];
if (cases.length === 0) process.stderr.write("skipped: the reference cases are not at ../shared/copilot-cases\n");

/** The parameters under which everything is there that a condition hides. */
const everything = {
  ALBWorkloads: "web",
  InternalALBWorkloads: "api",
  EFSWorkloads: "web",
  NATWorkloads: "api",
  AppRunnerPrivateWorkloads: "run",
  AppDNSName: "example.com",
  AppDNSDelegationRole: "arn:aws:iam::123456789012:role/demo-DNSDelegationRole",
  CreateHTTPSListener: "true",
  CreateInternalHTTPSListener: "true",
  Aliases: '{"web":["www.example.com"]}',
};

test.skipIf(cases.length === 0)("what the conditions of an environment hide is Copilot's too", async () => {
  const actual = mkdtempSync(join(tmpdir(), "pf-hidden-"));
  onTestFinished(() => rmSync(actual, { recursive: true }));
  const all = [];
  for (const each of cases) {
    const { text = "" } = (await packageCase(each)) ?? {};
    const given = JSON.parse(readFileSync(join(folder, each.params ?? ""), "utf8")) as { Parameters: object };
    const { id } = each;
    mkdirSync(join(actual, id));
    writeFileSync(join(actual, id, "stack.yml"), text);
    writeFileSync(
      join(actual, id, "params.json"),
      JSON.stringify({ Parameters: { ...given.Parameters, ...everything } }),
    );
    const template = relative(actual, join(folder, each.template));
    all.push({ id, template, params: join(id, "params.json"), sameParams: true });
  }
  const list = join(actual, "cases.json");
  writeFileSync(list, JSON.stringify({ cases: all }));
  const args = [realpathSync(tool), "--cases", list, "--actual", actual, "--list"];
  const report = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  // What the deployment alone knows is explained beside the cases themselves.
  const unknown = /LastForceDeployID|SourcePrefixListId|prefix list/;
  expect(report.split("\n").filter((line) => !unknown.test(line))).toMatchInlineSnapshot(`
    [
      "env-basic: resources 53/53, properties 491/491 (100.0%), attributes 82/82, extra resources 0, machinery 0",
      "env-custom-security-group: resources 53/53, properties 508/508 (100.0%), attributes 78/78, extra resources 0, machinery 0",
      "env-cdn-and-logs: resources 60/60, properties 587/591 (99.3%), attributes 86/87, extra resources 0, machinery 0",
      "env-cdn-terminates-tls: resources 54/54, properties 549/549 (100.0%), attributes 80/81, extra resources 0, machinery 0",
      "env-imported-vpc: resources 29/29, properties 420/420 (100.0%), attributes 56/57, extra resources 0, machinery 0",
      "env-own-vpc: resources 65/65, properties 544/544 (100.0%), attributes 85/86, extra resources 0, machinery 0",
      "env-security-group: resources 53/53, properties 503/503 (100.0%), attributes 81/82, extra resources 0, machinery 0",
      "TOTAL: resources 367/367 (100.0%), properties 3602/3606 (99.9%), attributes 548/553 (99.1%), extra resources 0, machinery 0, cases 7",
      "",
    ]
  `);
});
