import { expect, onTestFinished, test } from "vitest";
import { deployJson, endOfDeploy } from "../support/deploy-json.ts";
import { describeWithEngine } from "../support/describe-with-engine.ts";
import { docker } from "../support/docker.ts";
import { removeImage } from "../support/busybox-image.ts";
import { runCli } from "../support/run-cli.ts";
import { pageServer, serviceFolder } from "../support/service-folder.ts";
import { simulatorHome } from "../support/simulator-home.ts";
import { waitFor } from "../support/wait-for.ts";

const manifest = "image: { build: Dockerfile, port: 8080 }\nhttp: { path: /, deregistration_delay: 1s }\n";

describeWithEngine("the images of a service", () => {
  test(
    "stay for the last five completed deployments; older ones go, but for what others have named or use",
    { timeout: 300_000 },
    async () => {
      const service = await serviceFolder("web", pageServer("0"), manifest);
      const [home, other] = [await simulatorHome(), await simulatorHome()];
      const env = { PILOTFISH_SPEED: "100" };
      const built: string[] = [];
      const deploy = async (page: number, where = home, more: string[] = []) => {
        await service.write(pageServer(`${page}`));
        const args = ["svc", "deploy", "-n", "web", "-e", "local", "--tag", `v${page}`, ...more];
        const { status } = endOfDeploy(await deployJson(args, { cwd: service.folder, home: where, env }));
        built[page] = status.deployments[0]?.images[0]?.id ?? "";
      };
      await deploy(0);
      const mine = `pilotfish-test-mine-${process.pid}:kept`;
      onTestFinished(() => removeImage(mine));
      await docker("tag", built[0] ?? "", mine);
      await deploy(1);
      await deploy(1, other);
      await deploy(2);
      const container = await docker("create", built[2] ?? "", "/bin/true");
      onTestFinished(async () => void (await docker("rm", container)));
      for (let page = 3; page <= 8; page++) await deploy(page);

      const present = async () => {
        const found = await Promise.all(built.map(async (id, page) => ((await exists(id)) ? [page] : [])));
        return found.flat();
      };
      // 0 has a name of the user's, 1 is another home's, 2 a container uses, 3 is the sixth.
      await waitFor("the oldest to go", async () => !(await present()).includes(3), { deadlineMs: 10_000 });
      expect(await present()).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);
      expect(await tagsOf(built[0] ?? "")).toContain(mine);
      expect(await tagsOf(built[1] ?? "")).toContain(`${service.repository}:v1`);

      // What the user prunes by hand are images that nothing names.
      await docker("image", "prune", "--force", "--filter", "label=pilotfish.image.builder=pilotfish");
      expect(await present()).toEqual([0, 1, 2, 4, 5, 6, 7, 8]);

      const reset = await runCli(["local", "reset", "--yes"], { cwd: service.folder, home });
      expect(reset.code).toBe(0);
      expect(
        await docker("image", "ls", "--quiet", "--filter", `reference=pilotfish-kept/${await ownerOfTag(built[1])}`),
      ).not.toBe("");
    },
  );
});

async function exists(id: string): Promise<boolean> {
  return await docker("image", "inspect", id).then(
    () => true,
    () => false,
  );
}

async function tagsOf(id: string): Promise<string[]> {
  return JSON.parse(await docker("image", "inspect", "--format", "{{json .RepoTags}}", id)) as string[];
}

/** The eight digits of the owner that still keeps an image. */
async function ownerOfTag(id = ""): Promise<string> {
  const kept = (await tagsOf(id)).filter((tag) => tag.startsWith("pilotfish-kept/"));
  expect(kept).toHaveLength(1);
  return kept[0]?.split(/[/:]/)[1] ?? "";
}
