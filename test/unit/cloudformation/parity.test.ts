import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageRoot } from "../../../src/actions/package-root.ts";
import { packageWorkload } from "../../../src/actions/package-workload.ts";
import { readFacts } from "../../../src/actions/read-facts.ts";

/** Templates against those that Copilot renders for the same manifests, read as CloudFormation reads them. */

interface Case {
  id: string;
  env: string;
  name: string;
  command: "svc" | "job" | "env" | "pipeline";
  variables: Record<string, string>;
  workspace: string;
  facts: string;
  template: string;
  params: string | null;
}

const root = packageRoot(import.meta.url);
const folder = join(root, "../shared/copilot-cases");
const parity = join(root, "../shared/tools/parity.mjs");
const all: Case[] = existsSync(parity) ? JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")).cases : [];
if (all.length === 0) process.stderr.write("skipped: the reference cases are not at ../shared/copilot-cases\n");
const built = all.filter(({ id }) => /^(lbws|backend)-/.test(id));

describe.skipIf(all.length === 0)("a packaged stack is the one that Copilot renders", () => {
  test("every resource, property, output and dependency", async () => {
    const actual = mkdtempSync(join(tmpdir(), "pf-parity-"));
    onTestFinished(() => rmSync(actual, { recursive: true }));
    for (const each of built) await packageInto(join(actual, each.id), each);
    const whole = (path: string | null) => (path === null || isAbsolute(path) ? path : join(folder, path));
    const cases = built.map((each) => ({ ...each, template: whole(each.template), params: whole(each.params) }));
    // The tool takes paths from the list's own folder.
    const list = join(actual, "cases.json");
    writeFileSync(list, JSON.stringify({ cases: cases.map(relativeTo(actual)) }));
    const report = execFileSync(process.execPath, [parity, "--cases", list, "--actual", actual, "--list"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(report).toMatchInlineSnapshot(`
      "lbws-staging: resources 13/17, properties 175/211 (82.9%), attributes 6/12, extra resources 2, machinery 0
        missing HTTPListenerRuleWithDomain (AWS::ElasticLoadBalancingV2::ListenerRule)
        missing HTTPListenerRuleWithDomain1 (AWS::ElasticLoadBalancingV2::ListenerRule)
        missing HTTPSListenerRule (AWS::ElasticLoadBalancingV2::ListenerRule)
        missing HTTPSListenerRule1 (AWS::ElasticLoadBalancingV2::ListenerRule)
        extra HTTPListenerRule (AWS::ElasticLoadBalancingV2::ListenerRule)
        extra HTTPListenerRule1 (AWS::ElasticLoadBalancingV2::ListenerRule)
        Service DependsOn HTTPListenerRuleWithDomain: expected true, got nothing
        Service DependsOn HTTPSListenerRule: expected true, got nothing
        Service DependsOn HTTPListenerRuleWithDomain1: expected true, got nothing
        Service DependsOn HTTPSListenerRule1: expected true, got nothing
        Service DependsOn HTTPListenerRule: expected nothing, got true
        Service DependsOn HTTPListenerRule1: expected nothing, got true
      lbws-nlb-test: resources 16/16, properties 196/196 (100.0%), attributes 10/10, extra resources 0, machinery 0
      backend-simple: resources 6/6, properties 116/116 (100.0%), attributes 4/4, extra resources 0, machinery 0
      backend-http-path: resources 9/9, properties 151/151 (100.0%), attributes 5/5, extra resources 0, machinery 0
      backend-internal-http-internal-test: resources 15/15, properties 244/244 (100.0%), attributes 6/6, extra resources 0, machinery 0
      backend-simple-more-store-test: resources 7/7, properties 143/143 (100.0%), attributes 4/4, extra resources 0, machinery 0
      backend-simple-more-store-prod: resources 7/7, properties 143/143 (100.0%), attributes 4/4, extra resources 0, machinery 0
      backend-windows-legacy-test: resources 6/6, properties 94/94 (100.0%), attributes 4/4, extra resources 0, machinery 0
      lbws-grpc-rpc-test: resources 9/9, properties 145/145 (100.0%), attributes 6/6, extra resources 0, machinery 0
      lbws-nlb-game-test: resources 15/15, properties 190/190 (100.0%), attributes 10/10, extra resources 0, machinery 0
      lbws-nlb-and-http-chat-test: resources 13/13, properties 188/188 (100.0%), attributes 9/9, extra resources 0, machinery 0
      lbws-everything-front-test: resources 28/28, properties 600/601 (99.8%), attributes 12/12, extra resources 0, machinery 0
        TaskDefinition.ContainerDefinitions[helper].Image: expected null, got 
      lbws-everything-front-prod: resources 22/22, properties 530/531 (99.8%), attributes 12/12, extra resources 0, machinery 0
        TaskDefinition.ContainerDefinitions[helper].Image: expected null, got 
      TOTAL: resources 166/170 (97.6%), properties 2915/2953 (98.7%), attributes 92/98 (93.9%), extra resources 2, machinery 0, cases 13
      "
    `);
  });
});

function relativeTo(from: string) {
  const up = from
    .split("/")
    .filter(Boolean)
    .map(() => "..")
    .join("/");
  return <T extends { template: string | null; params: string | null }>(each: T): T => ({
    ...each,
    template: each.template && join(up, each.template),
    params: each.params && join(up, each.params),
  });
}

async function packageInto(target: string, { name, env, variables, workspace: path, facts: file }: Case) {
  const workspace = await openWorkspace(join(folder, path));
  const facts = await readFacts(file, folder);
  const { stack } = await packageWorkload({ workspace, name, env, facts, variables });
  mkdirSync(target);
  writeFileSync(join(target, "stack.yml"), stack.text);
  writeFileSync(join(target, "params.json"), JSON.stringify({ Parameters: stack.parameters }));
}
