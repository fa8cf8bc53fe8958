import fc from "fast-check";
import { expect, test } from "vitest";
import type { EdgeRule } from "../../../../src/simulator/edge/edge.ts";
import { hostName } from "../../../../src/simulator/edge/host-name.ts";
import { RoutingTable } from "../../../../src/simulator/edge/routing-table.ts";

test("every condition of a rule has to be met, by one of its values", () => {
  const table = new RoutingTable([
    {
      priority: 1,
      paths: ["/admin", "/admin/*"],
      hosts: ["Admin.Example.com"],
      sources: ["10.0.0.0/8"],
      targetGroup: "admin",
    },
    { priority: 2, paths: ["/*"], hosts: ["*.example.com", "shop?.test"], targetGroup: "shop" },
    { priority: 3, paths: ["/*"], sources: ["127.0.0.0/8"], targetGroup: "here" },
  ]);
  const requests: [string, string, string][] = [
    ["/admin/x", "admin.example.com", "10.1.2.3"],
    ["/admin/x", "ADMIN.EXAMPLE.COM:8080", "10.1.2.3"],
    ["/admin/x", "admin.example.com", "11.1.2.3"],
    ["/Admin", "a.b.example.com", "11.1.2.3"],
    ["/", "example.com", "11.1.2.3"],
    ["/", "shop1.test:80", "11.1.2.3"],
    ["/", "shop12.test", "11.1.2.3"],
    ["/", "localhost:8080", "127.0.0.1"],
    ["/", "[::1]:8080", "::1"],
    ["/", "localhost", "::2"],
  ];
  expect(
    requests.map(
      ([path, host, client]) =>
        `${client} asks ${host}${path}: ${table.targetGroupOf({ path, host }, client) ?? table.refusal({ path, host }, client)}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "10.1.2.3 asks admin.example.com/admin/x: admin",
      "10.1.2.3 asks ADMIN.EXAMPLE.COM:8080/admin/x: admin",
      "11.1.2.3 asks admin.example.com/admin/x: shop",
      "11.1.2.3 asks a.b.example.com/Admin: shop",
      "11.1.2.3 asks example.com/: no listener rule for / takes requests from 11.1.2.3: the first wants 127.0.0.0/8",
      "11.1.2.3 asks shop1.test:80/: shop",
      "11.1.2.3 asks shop12.test/: no listener rule for / takes requests from 11.1.2.3: the first wants 127.0.0.0/8",
      "127.0.0.1 asks localhost:8080/: here",
      "::1 asks [::1]:8080/: here",
      "::2 asks localhost/: no listener rule for / takes requests from ::2: the first wants 127.0.0.0/8",
    ]
  `);
});

test("what a refused request lacks is named: path, then name, then address", () => {
  const table = new RoutingTable([
    { priority: 1, paths: ["/a"], hosts: ["a.test", "b.test"], targetGroup: "a" },
    { priority: 2, paths: ["/a"], hosts: ["c.test"], sources: ["10.0.0.0/8", "192.168.0.0/16"], targetGroup: "a" },
  ]);
  const why = (path: string, host: string) => table.refusal({ path, host }, "127.0.0.1");
  expect([why("/b", "a.test"), why("/a", "d.test:80"), why("/a", "c.test")]).toMatchInlineSnapshot(`
    [
      "no listener rule matches /b",
      "no listener rule for /a matches the host d.test: the first wants a.test or b.test",
      "no listener rule for /a takes requests from 127.0.0.1: the first wants 10.0.0.0/8 or 192.168.0.0/16",
    ]
  `);
});

test("a block that is none takes nobody, and the others beside it count", () => {
  const rule = { priority: 1, paths: ["/*"], targetGroup: "it" };
  const takes = (sources: string[]) =>
    new RoutingTable([{ ...rule, sources }]).targetGroupOf({ path: "/", host: "" }, "127.0.0.1") === "it";
  expect([takes(["127.0.0.1"]), takes(["127.0.0.1/33"]), takes(["x/8"]), takes(["x/8", "0.0.0.0/0"])]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test("the name is read without its port and in lower case", () => {
  const fields = ["Example.COM", "example.com:8080", "[::1]", "[::1]:8080", "", "localhost:"];
  expect(fields.map(hostName)).toEqual(["example.com", "example.com", "[::1]", "[::1]", "", "localhost"]);
});

test("any table of rules routes any request as a plain reading of the rules does", () => {
  const path = fc.string({ unit: fc.constantFrom("/", "a", "b"), maxLength: 4 }).map((text) => `/${text}`);
  const pathPattern = fc
    .string({ unit: fc.constantFrom("/", "a", "b", "*", "?"), maxLength: 4 })
    .map((text) => `/${text}`);
  const host = fc.string({ unit: fc.constantFrom("a", "B", "."), minLength: 1, maxLength: 4 });
  const hostPattern = fc.string({ unit: fc.constantFrom("A", "b", ".", "*", "?"), minLength: 1, maxLength: 4 });
  const client = fc.constantFrom("10.0.0.1", "10.1.0.1", "192.168.0.1", "2001:db8::1", "fe80::1");
  const cidr = fc.constantFrom("10.0.0.0/8", "10.0.0.0/16", "192.168.0.1/32", "2001:db8::/32", "0.0.0.0/0", "::/0");
  const values = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 1, maxLength: 3 });
  const rules = fc
    .array(
      fc.record({
        paths: values(pathPattern),
        hosts: fc.option(values(hostPattern), { nil: undefined }),
        sources: fc.option(values(cidr), { nil: undefined }),
        priority: fc.nat(1000),
      }),
      { maxLength: 6 },
    )
    .map((all) => all.map((rule, i): EdgeRule => ({ ...rule, priority: rule.priority * 10 + i, targetGroup: `${i}` })));
  const port = fc.constantFrom("", ":80", ":8080");
  fc.assert(
    fc.property(rules, path, host, port, client, (all, asked, name, number, address) => {
      const expected = all
        .toSorted((a, b) => a.priority - b.priority)
        .find(
          (rule) =>
            rule.paths.some((pattern) => expression(pattern, "").test(asked)) &&
            (rule.hosts?.some((pattern) => expression(pattern, "i").test(name)) ?? true) &&
            (rule.sources?.some((block) => isIn(address, block)) ?? true),
        )?.targetGroup;
      const request = { path: asked, host: `${name}${number}` };
      expect(new RoutingTable(all).targetGroupOf(request, address)).toBe(expected);
      expect(new RoutingTable(all.toReversed()).targetGroupOf(request, address)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
});

function expression(pattern: string, flags: string): RegExp {
  const text = pattern
    .replaceAll(/[./]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`, flags);
}

function isIn(address: string, block: string): boolean {
  const [network = "", prefix = ""] = block.split("/");
  const bits = (text: string) => (text.includes(":") ? ipv6Bits(text) : ipv4Bits(text));
  if (address.includes(":") !== network.includes(":")) return false;
  return bits(address).slice(0, Number(prefix)) === bits(network).slice(0, Number(prefix));
}

function ipv4Bits(address: string): string {
  return address
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
}

function ipv6Bits(address: string): string {
  const [left = "", right = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const zeros = Array<string>(8 - groups(left).length - groups(right).length).fill("0");
  return [...groups(left), ...zeros, ...groups(right)]
    .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, "0"))
    .join("");
}
