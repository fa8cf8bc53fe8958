import { RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { renderTaskDefinition } from "../../../src/actions/render-task-definition.ts";
import { findWorkspace } from "../../../src/workspace/workspace.ts";
import { modelProblems } from "../../support/aws-model.ts";
import { folderWith } from "../../support/files.ts";
import { refusal } from "../../support/refusal.ts";

const manifest = `name: api
type: Backend Service
image:
  location: example/api:\${TAG}
  port: 80
taskRole: mine
environments:
  prod:
    memory: 1024
`;

async function render(text: string, env: string) {
  const root = await folderWith({ "copilot/.workspace": "application: shop\n", "copilot/api/manifest.yml": text });
  return renderTaskDefinition({ workspace: await findWorkspace(root), name: "api", env, variables: { TAG: "v1" } });
}

test("the task definition of an environment, as the SDK would send it, with the warnings", async () => {
  const { taskDefinition, diagnostics } = await render(manifest, "prod");
  expect(modelProblems(RegisterTaskDefinitionRequest$, taskDefinition)).toEqual([]);
  expect([taskDefinition.family, taskDefinition.memory]).toEqual(["shop-prod-api", "1024"]);
  expect(diagnostics.map(({ line, path, severity }) => [line, path, severity])).toEqual([[6, "taskRole", "warning"]]);
});

test("a manifest with errors is refused with all of them", async () => {
  const rendered = render("name: api\ntype: Backend Service\ncpu: x\nmemory: y\n", "test");
  expect(await refusal(rendered)).toMatchInlineSnapshot(`"manifest/invalid: copilot/api/manifest.yml has 3 errors"`);
  const { diagnostics } = await rendered.catch((error) => error);
  expect(diagnostics).toHaveLength(3);
});
