import { expect, test } from "vitest";
import { type Need, needParameters, settledParameters, withoutWorkload } from "../../../src/plan/environment-needs.ts";

const deployed = {
  ALBWorkloads: "front,shop",
  NATWorkloads: "front",
  EFSWorkloads: "front",
  Aliases: '{"front":["a.example.com","www.example.com"],"shop":["shop.example.com"]}',
  AppName: "front",
};

function settled(needs: Need[], aliases: string[], now: Record<string, string> = deployed) {
  return settledParameters({ name: "front", needs, aliases }, now);
}

test("a workload that is deployed as it stands in the parameters changes none, in whatever order its aliases are", () => {
  expect(settled(["ALBWorkloads", "NATWorkloads", "EFSWorkloads"], ["www.example.com", "a.example.com"])).toEqual({});
});

test("an alias that was taken out of the manifest goes; those of others stay", () => {
  expect(settled(["ALBWorkloads", "NATWorkloads", "EFSWorkloads"], ["www.example.com"])).toMatchInlineSnapshot(`
    {
      "Aliases": "{"front":["www.example.com"],"shop":["shop.example.com"]}",
    }
  `);
});

test("a workload that needs a thing no longer is named for it no more, but the file system stays with its last name", () => {
  expect(settled([], [])).toMatchInlineSnapshot(`
    {
      "ALBWorkloads": "shop",
      "Aliases": "{"shop":["shop.example.com"]}",
      "NATWorkloads": "",
    }
  `);
  expect(settled([], [], { EFSWorkloads: "front,shop" })).toEqual({ EFSWorkloads: "shop" });
});

test("the last alias of all leaves the parameter as it is without any", () => {
  expect(settled([], [], { Aliases: '{"front":["www.example.com"]}' })).toEqual({ Aliases: "" });
});

test("a deployment of an environment takes nothing out, and a workload called as what all objects have is one of them", () => {
  expect(needParameters([{ name: "front", needs: [], aliases: ["b.example.com"] }], deployed)).toMatchObject({
    NATWorkloads: "front",
    Aliases: '{"front":["a.example.com","www.example.com","b.example.com"],"shop":["shop.example.com"]}',
  });
  expect(withoutWorkload("constructor", deployed)).toEqual({});
});
