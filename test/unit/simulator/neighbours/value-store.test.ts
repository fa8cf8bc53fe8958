import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import type { StoredKind } from "../../../../src/simulator/neighbours/value-table.ts";
import { refusal } from "../../../support/refusal.ts";
import { valuesOnDisk } from "./fixture.ts";

describe("a value", () => {
  test("is created, left alone, overwritten and deleted", () => {
    const { store } = valuesOnDisk();
    const steps = [
      store.put("parameter", "/shop/key", "one", false),
      store.put("parameter", "/shop/key", "two", false),
      store.get("parameter", "/shop/key"),
      store.put("parameter", "/shop/key", "two", true),
      store.get("parameter", "/shop/key"),
      store.get("parameter", "/shop/key", { id: "1" }),
      store.get("secret", "/shop/key"),
      store.delete("parameter", "/shop/key"),
      store.delete("parameter", "/shop/key"),
      store.get("parameter", "/shop/key"),
    ];
    expect(steps).toEqual([
      "created",
      "exists",
      { value: "one" },
      "updated",
      { value: "two" },
      { value: "one" },
      undefined,
      true,
      false,
      undefined,
    ]);
  });

  test("that is a secret keeps its former version as AWSPREVIOUS, and no older one", () => {
    const { store } = valuesOnDisk();
    for (const value of ["one", "two", "three"]) store.put("secret", "db", value, true);
    const [{ versions } = { versions: [] }] = store.list();
    expect(versions.map(({ stages }) => stages)).toEqual([["AWSCURRENT"], ["AWSPREVIOUS"]]);
    expect(["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"].map((stage) => store.get("secret", "db", { stage }))).toEqual([
      { value: "three" },
      { value: "two" },
      "no-version",
    ]);
    expect(versions.map(({ id }) => store.get("secret", "db", { id }))).toEqual([{ value: "three" }, { value: "two" }]);
  });

  test("comes back as it was, whatever it is, and with another daemon", () => {
    const { store, open } = valuesOnDisk();
    const value = fc.string({ unit: "grapheme", minLength: 1, maxLength: 500 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(value, (text) => {
        store.put("secret", "any", text, true);
        expect(open().get("secret", "any")).toEqual({ value: text });
      }),
      { numRuns: 200 },
    );
  });
});

describe("on the disk", () => {
  test("no byte of a value is to be found, and equal values look different", () => {
    const { folder, store, state } = valuesOnDisk();
    const marker = "hunter2-hunter2-hunter2";
    store.put("secret", "one", marker, false);
    store.put("secret", "two", marker, false);
    store.putObject("arn:aws:s3:::shop/x.env", marker);
    store.delete("secret", "two");
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(marker)).toBe(false);
    store.put("secret", "one", marker, true);
    const sealed = state.values.read("secret", "one").map((version) => Buffer.from(version.sealed).toString("hex"));
    expect(new Set(sealed).size).toBe(2);
  });

  test("sealed bytes open in their own place only, and not when a bit of them has changed", async () => {
    const { store, state } = valuesOnDisk();
    store.put("secret", "one", "hunter2", false);
    const rows = state.values.read("secret", "one");
    for (const [kind, name] of [
      ["secret", "two"],
      ["parameter", "one"],
    ] as [StoredKind, string][])
      state.values.write(kind, name, rows);
    expect(() => store.get("secret", "two")).toThrow("secret two is damaged");
    expect(() => store.get("parameter", "one")).toThrow("parameter one is damaged");
    const [row] = rows;
    for (let at = 0; at < (row?.sealed.length ?? 0); at++) {
      const sealed = Buffer.from(row?.sealed ?? []);
      sealed[at] = (sealed[at] ?? 0) ^ 1;
      state.values.write("secret", "one", [{ ...row!, sealed }]);
      expect(() => store.get("secret", "one")).toThrow(UserError);
    }
  });

  test("the key is its owner's alone, also when it has been copied carelessly", () => {
    const { keyFile, store } = valuesOnDisk();
    const mode = () => (statSync(keyFile).mode & 0o777).toString(8);
    store.put("secret", "one", "hunter2", false);
    const made = mode();
    chmodSync(keyFile, 0o644);
    store.get("secret", "one");
    expect([made, mode()]).toEqual(["600", "600"]);
  });
});

describe("without the key", () => {
  test.each([
    ["is lost", (file: string) => rmSync(file)],
    ["is cut off", (file: string) => writeFileSync(file, "00ff")],
    ["is empty", (file: string) => writeFileSync(file, "")],
    ["is no key at all", (file: string) => writeFileSync(file, "x".repeat(64))],
    ["is another one", (file: string) => writeFileSync(file, "00".repeat(32))],
  ])("that %s values are not read and none is added; all can be forgotten", async (_what, spoil) => {
    const { keyFile, store } = valuesOnDisk();
    store.put("secret", "one", "hunter2", false);
    const key = readFileSync(keyFile);
    spoil(keyFile);
    const tried = [
      () => store.get("secret", "one"),
      () => store.put("secret", "two", "hunter2", false),
      () => store.put("secret", "one", "hunter2", true),
    ].map((work) => refusal((async () => work())(), { [keyFile]: "KEY" }));
    const [first, ...others] = await Promise.all(tried);
    expect(first).toMatch(
      /^value\/unreadable: the simulator's values cannot be read: .*KEY.*\n {2}put the key file back, or start anew: pilotfish local delete --all/,
    );
    expect(new Set(others)).toEqual(new Set([first]));
    expect(store.list().map(({ name }) => name)).toEqual(["one"]);
    writeFileSync(keyFile, key);
    expect(store.get("secret", "one")).toEqual({ value: "hunter2" });
    spoil(keyFile);
    store.clear();
    expect(store.put("secret", "one", "again", false)).toBe("created");
    expect(store.get("secret", "one")).toEqual({ value: "again" });
  });
});

test("objects are kept until nobody names them", () => {
  const { store } = valuesOnDisk();
  for (const name of ["a", "b"]) store.putObject(`arn:aws:s3:::shop/${name}.env`, `NAME=${name}`);
  store.keepObjects((arn) => arn.endsWith("/b.env"));
  expect(["a", "b"].map((name) => store.object(`arn:aws:s3:::shop/${name}.env`))).toEqual([undefined, "NAME=b"]);
  expect(store.list()).toEqual([]);
});

test.each([
  ["secret", "no blanks", "x", "the name of a secret may hold letters, digits and / _ + = . @ - only"],
  ["secret", "a".repeat(513), "x", "the name of a secret has at most 512 characters"],
  ["secret", "empty", "", "the value of a secret must not be empty"],
  ["secret", "big", "x".repeat(65_537), "the value of a secret has at most 65536 bytes, and this one has 65537"],
  ["secret", "zero", "a\0b", "the value holds a null character, which no environment variable can have"],
  ["parameter", "shop/key", "x", "the name of a parameter with levels begins with a slash: /shop/key"],
  ["parameter", "/shop//key", "x", "the name of a parameter has no empty level"],
  ["parameter", "/aws/x", "x", "the name of a parameter must not begin with aws or ssm"],
  ["parameter", `/a${"/b".repeat(15)}`, "x", "the name of a parameter has at most 15 levels"],
  ["parameter", "/key", "ü".repeat(4097), "the value of a parameter has at most 8192 bytes, and this one has 8194"],
  ["export", "with/slash", "x", "the name of an export may hold letters, digits, : and - only"],
] as const)("a %s that AWS would refuse is refused: %s", async (kind, name, value, message) => {
  const { store } = valuesOnDisk();
  const refused = await refusal((async () => store.put(kind, name, value, false))());
  expect(refused.startsWith(`value/invalid: ${message}`), refused).toBe(true);
  expect(store.list()).toEqual([]);
});
