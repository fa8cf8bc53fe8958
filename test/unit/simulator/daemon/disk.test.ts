import { describe, expect, onTestFinished, test } from "vitest";
import { Disk } from "../../../../src/simulator/daemon/disk.ts";
import { Troubles } from "../../../../src/simulator/daemon/troubles.ts";
import { waitFor } from "../../../support/wait-for.ts";

describe("the disk of the state folder", () => {
  test("is looked at again and again, and who wants to know is told when it fills and when it has space again", async () => {
    const { disk, world } = diskWith(2 ** 30);
    const told: boolean[] = [];
    disk.onChange(() => told.push(disk.isFull));
    world.free = 100;
    await waitFor("full", () => disk.isFull);
    world.free = 2 ** 30;
    await waitFor("space", () => !disk.isFull);
    expect(told).toEqual([true, false]);
  });

  test("that cannot be asked is as it was", async () => {
    const { disk, world } = diskWith(0);
    await disk.look();
    world.free = undefined;
    await disk.look();
    expect(disk.isFull).toBe(true);
  });

  test("is asked for real", async () => {
    const disk = new Disk("/");
    onTestFinished(() => disk.close());
    await disk.look();
    expect(disk.problem?.code).toBe(disk.isFull ? "simulator/disk-full" : undefined);
  });
});

describe("what is wrong", () => {
  test("is said in the same words by the status, by each command and by a refused deploy", async () => {
    const { disk, world } = diskWith(0);
    const troubles = new Troubles({
      disk,
      balancers: { problems: () => ["port 8080 is taken"], onApplied: () => () => undefined },
      simulator: { problem: new Error("database or disk is full") },
    });
    await disk.look();
    const refused = await troubles.refuseNew().catch((error: Error) => error.message);
    expect({ status: troubles.all(), commands: troubles.urgent(), refused }).toMatchInlineSnapshot(`
      {
        "commands": [
          "the disk of /home/of/state is full: what runs goes on, but nothing new is started and log lines are lost",
        ],
        "refused": "the disk of /home/of/state is full: what runs goes on, but nothing new is started and log lines are lost",
        "status": [
          "the disk of /home/of/state is full: what runs goes on, but nothing new is started and log lines are lost",
          "port 8080 is taken",
        ],
      }
    `);
    world.free = 2 ** 30;
    await troubles.refuseNew();
    expect([troubles.all(), troubles.urgent()]).toEqual([["port 8080 is taken", "database or disk is full"], []]);
    troubles.engine(false, "it was stopped");
    await expect(troubles.refuseNew()).rejects.toThrow("the Docker Engine does not answer: it was stopped");
  });
});

function diskWith(free: number) {
  const world: { free: number | undefined } = { free };
  const ask = async () => {
    if (world.free === undefined) throw new Error("no such folder");
    return world.free;
  };
  const disk = new Disk("/home/of/state", ask, 5);
  onTestFinished(() => disk.close());
  return { disk, world };
}
