import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");

/** The clients that are loaded with a module, before anything of it is used. */
async function clientsOf(file: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    metafile: true,
    write: false,
  });
  const seen = new Set<string>();
  const clients = new Set<string>();
  const visit = (path: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { path: imported, kind, external } of metafile.inputs[path]?.imports ?? []) {
      if (kind !== "import-statement") continue;
      if (external) clients.add(imported);
      else visit(imported);
    }
  };
  visit(file);
  return [...clients].filter((name) => name.startsWith("@aws-sdk/client-")).toSorted();
}

test("a command on AWS begins with the clients that nearly all of them need; EC2's alone is larger than these together", async () => {
  expect({
    account: await clientsOf("src/providers/aws/aws-account.ts"),
    provider: await clientsOf("src/providers/aws/aws-provider.ts"),
    facts: await clientsOf("src/providers/aws/facts/create-facts.ts"),
    services: await clientsOf("src/providers/aws/following/create-services.ts"),
  }).toMatchInlineSnapshot(`
    {
      "account": [
        "@aws-sdk/client-cloudformation",
        "@aws-sdk/client-ssm",
      ],
      "facts": [
        "@aws-sdk/client-cloudformation",
      ],
      "provider": [
        "@aws-sdk/client-apprunner",
        "@aws-sdk/client-cloudformation",
        "@aws-sdk/client-cloudwatch-logs",
        "@aws-sdk/client-ecs",
        "@aws-sdk/client-elastic-load-balancing-v2",
      ],
      "services": [
        "@aws-sdk/client-apprunner",
        "@aws-sdk/client-cloudformation",
        "@aws-sdk/client-cloudwatch-logs",
        "@aws-sdk/client-ecs",
        "@aws-sdk/client-elastic-load-balancing-v2",
      ],
    }
  `);
});
