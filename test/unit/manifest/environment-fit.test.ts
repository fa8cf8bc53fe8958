import { expect, test } from "vitest";
import { environmentMisfits } from "../../../src/manifest/environment-fit.ts";
import { loadWorkloadManifest } from "../../../src/manifest/load.ts";
import type { ReadEnvironmentManifest } from "../../../src/manifest/rules/environment-rule.ts";

const certificate = "arn:aws:acm:us-west-2:111122223333:certificate/1";
const certified: ReadEnvironmentManifest = { http: { public: { certificates: [certificate] } } };

/** What the service `api` of the application `shop` cannot have in the environment `test`. */
function misfits(text: string, environment: ReadEnvironmentManifest = {}, domain?: string): string[] {
  const image = text.includes("Static Site")
    ? "files: [{ source: public }]"
    : "image: { location: public.ecr.aws/a/b, port: 80 }";
  const whole = `name: api\n${image}\n${text}`;
  const source = { file: "manifest.yml", text: whole, folder: "api" };
  const { manifest, diagnostics, place } = loadWorkloadManifest(source, { app: "shop", variables: {} });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  if (!manifest) throw new Error("no manifest");
  return environmentMisfits(manifest, { app: "shop", env: "test", environment, domain }).map(
    ({ path, code, message }) => {
      const { line, column } = place(path);
      return `${line}:${column} ${message} (${code})`;
    },
  );
}

const web = (http: string) => `type: Load Balanced Web Service\nhttp: ${http}\n`;
const backend = (http: string) => `type: Backend Service\nhttp: ${http}\n`;

test("without a domain and without certificates nothing answers to aliases, and nothing to HTTPS", () => {
  expect(misfits(web("{ path: / }"))).toEqual([]);
  expect(misfits(web("{ path: /, alias: a.example.com, redirect_to_https: false }"))).toMatchInlineSnapshot(`
    [
      "4:59 nothing listens with HTTPS in test: the application has no domain, and the environment no certificates (environment/https)",
      "4:25 nothing answers to \`a.example.com\` in test: the application has no domain, and the environment no certificates (environment/alias)",
    ]
  `);
  expect(misfits(web("{ path: /, additional_rules: [{ path: /x, alias: [a, b] }] }"))).toMatchInlineSnapshot(`
    [
      "4:49 nothing answers to \`a\` and \`b\` in test: the application has no domain, and the environment no certificates (environment/alias)",
    ]
  `);
});

test("with a domain, aliases are names of the application", () => {
  const names = [
    ["example.com", "www.example.com", "shop.example.com"],
    ["a.shop.example.com", "test.shop.example.com", "a.test.shop.example.com"],
  ];
  for (const aliases of names)
    expect(
      misfits(web(`{ path: /, redirect_to_https: true, alias: [${aliases.join(", ")}] }`), {}, "example.com"),
    ).toEqual([]);
  expect(misfits(web("{ path: /, alias: [a.b.example.com, example.org, wwwexample.com] }"), {}, "example.com"))
    .toMatchInlineSnapshot(`
    [
      "4:18 \`a.b.example.com\`, \`example.org\` and \`wwwexample.com\` cannot be a name of this application, whose domain is \`example.com\` (environment/alias)",
    ]
  `);
});

test("with imported certificates each rule needs an alias, whatever the domain", () => {
  expect(misfits(web("{ path: /, alias: a.example.org }"), certified)).toEqual([]);
  expect(misfits(web("{ path: /, additional_rules: [{ path: /x, alias: a }] }"), certified)).toMatchInlineSnapshot(`
    [
      "4:1 test imports certificates, so each rule needs an \`alias\` that they are for (environment/alias)",
    ]
  `);
  expect(misfits(web("{ path: /, alb: mine }"), certified)).toEqual([]);
  expect(misfits(web("{ path: / }"), { cdn: { certificate, terminate_tls: true } })).toMatchInlineSnapshot(`
    [
      "4:1 test imports certificates, so each rule needs an \`alias\` that they are for (environment/alias)",
    ]
  `);
});

test("a hosted zone beside an alias needs imported certificates, and no CDN before the load balancer", () => {
  const http = "{ path: /, alias: [{ name: a.example.com, hosted_zone: Z1 }] }";
  expect(misfits(web(http), certified)).toEqual([]);
  expect(misfits(web(http), {}, "example.com")).toMatchInlineSnapshot(`
    [
      "4:18 a hosted zone can be named only where certificates are imported, and test imports none (environment/hosted-zone)",
    ]
  `);
  expect(misfits(web(http), { ...certified, cdn: { certificate } })).toMatchInlineSnapshot(`
    [
      "4:18 a hosted zone cannot be named in test: its CDN stands before the load balancer (environment/hosted-zone)",
    ]
  `);
  expect(misfits(web("{ path: /, alias: a.example.com, hosted_zone: Z1 }"), {}, "example.com")).toEqual([]);
});

test("behind the internal load balancer, aliases and certificates go together", () => {
  const internal: ReadEnvironmentManifest = { http: { private: { certificates: [certificate] } } };
  expect(misfits(backend("{ path: / }"))).toEqual([]);
  expect(misfits(backend("{ path: /, alias: a.internal }"), internal)).toEqual([]);
  expect(misfits(backend("{ path: /, alias: a.internal }"), certified)).toMatchInlineSnapshot(`
    [
      "4:25 an \`alias\` of a Backend Service needs certificates for the internal load balancer, and test has none (environment/alias)",
    ]
  `);
  expect(misfits(backend("{ path: /, alias: a.internal, additional_rules: [{ path: /x }] }"), internal))
    .toMatchInlineSnapshot(`
    [
      "4:56 test imports certificates for its internal load balancer, so each rule needs an \`alias\` that they are for (environment/alias)",
    ]
  `);
});

test("an alias of a network load balancer is a name of the application's domain", () => {
  const nlb = (alias: string) => `type: Load Balanced Web Service\nhttp: false\nnlb: { port: 80, alias: ${alias} }\n`;
  expect(misfits(nlb("a.example.com"), {}, "example.com")).toEqual([]);
  expect(misfits(nlb("a.example.org"), {}, "example.com")).toMatchInlineSnapshot(`
    [
      "5:25 \`a.example.org\` cannot be a name of this application, whose domain is \`example.com\` (environment/alias)",
    ]
  `);
  expect(misfits(nlb("a.example.com"))).toMatchInlineSnapshot(`
    [
      "5:25 \`nlb.alias\` needs a domain of the application, and it has none (environment/alias)",
    ]
  `);
  expect(misfits(nlb("a.example.com"), certified, "example.com")).toMatchInlineSnapshot(`
    [
      "5:25 \`nlb.alias\` cannot be had in test: it imports certificates, so no zone of the application is there (environment/alias)",
    ]
  `);
});

test("an alias of a Request-Driven Web Service is one word before the domain", () => {
  const runner = (alias: string) => `type: Request-Driven Web Service\nhttp: { alias: ${alias} }\n`;
  expect(misfits(runner("www.example.com"), {}, "example.com")).toEqual([]);
  expect(misfits(runner("www.example.com"))).toMatchInlineSnapshot(`
    [
      "4:16 \`http.alias\` needs a domain of the application, and it has none (environment/alias)",
    ]
  `);
  const refused = ["example.com", "shop.example.com", "a.shop.example.com", "test.shop.example.com", "www.example.org"];
  expect(refused.flatMap((alias) => misfits(runner(alias), {}, "example.com"))).toMatchInlineSnapshot(`
    [
      "4:16 \`example.com\` cannot be a name of a Request-Driven Web Service of this application (environment/alias)",
      "4:16 \`shop.example.com\` cannot be a name of a Request-Driven Web Service of this application (environment/alias)",
      "4:16 \`a.shop.example.com\` cannot be a name of a Request-Driven Web Service of this application (environment/alias)",
      "4:16 \`test.shop.example.com\` cannot be a name of a Request-Driven Web Service of this application (environment/alias)",
      "4:16 \`www.example.org\` cannot be a name of a Request-Driven Web Service of this application (environment/alias)",
    ]
  `);
});

test("a Request-Driven Web Service has a short name with those around it, and an endpoint in an imported VPC", () => {
  const runner = "type: Request-Driven Web Service\nhttp: { private: true }\n";
  const imported = { network: { vpc: { id: "vpc-1" } } };
  expect(misfits(runner)).toEqual([]);
  expect(misfits(runner.replace("true", "{ endpoint: vpce-1 }"), imported)).toEqual([]);
  expect(misfits(runner, imported)).toMatchInlineSnapshot(`
    [
      "4:18 test imports its VPC, so it makes no endpoint for App Runner there (environment/endpoint)",
    ]
  `);
  const name = "a".repeat(31);
  const source = {
    file: "manifest.yml",
    folder: name,
    text: `name: ${name}\ntype: Request-Driven Web Service\nimage: { build: Dockerfile, port: 80 }\n`,
  };
  const { manifest } = loadWorkloadManifest(source, { app: "shop", variables: {} });
  if (!manifest) throw new Error("no manifest");
  const messages = (env: string) =>
    environmentMisfits(manifest, { app: "shop", env, environment: {}, domain: undefined }).map(
      ({ message }) => message,
    );
  expect(messages("dev")).toEqual([]);
  expect(messages("test")).toMatchInlineSnapshot(`
    [
      "App Runner takes names of 40 characters at most, and \`shop-test-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\` has 41",
    ]
  `);
});

test("an alias of a Static Site has a certificate of its own, or is a name of the application", () => {
  const site = (http: string) => `type: Static Site\nhttp: ${http}\n`;
  const own = "arn:aws:acm:us-east-1:111122223333:certificate/1";
  expect(misfits(site("{ alias: a.test.shop.example.com }"), {}, "example.com")).toEqual([]);
  expect(misfits(site(`{ alias: a.example.org, certificate: "${own}" }`))).toEqual([]);
  expect(misfits(site("{ alias: a.example.org }"))).toMatchInlineSnapshot(`
    [
      "4:16 \`http.alias\` needs a certificate, or a domain of the application, and it has none (environment/alias)",
    ]
  `);
  expect(misfits(site("{ alias: a.example.org }"), {}, "example.com")).toMatchInlineSnapshot(`
    [
      "4:16 \`a.example.org\` cannot be a name of this application, whose domain is \`example.com\` (environment/alias)",
    ]
  `);
});

test("behind a CDN of the application's domain each rule needs an alias, and none redirects once the CDN ends TLS", () => {
  expect(misfits(web("{ path: /, alias: a.example.com }"), { cdn: true }, "example.com")).toEqual([]);
  expect(misfits(web("{ path: / }"), { cdn: true })).toEqual([]);
  expect(misfits(web("{ path: /, alb: mine }"), { cdn: { terminate_tls: true } }, "example.com")).toEqual([]);
  expect(
    misfits(
      web("{ path: /, additional_rules: [{ path: /x, alias: a.example.com, redirect_to_https: false }] }"),
      { cdn: { terminate_tls: true } },
      "example.com",
    ),
  ).toMatchInlineSnapshot(`
    [
      "4:1 test has a CDN, which answers to aliases alone: without one, the service's name leads past it (environment/alias)",
      "4:1 the CDN of test asks the load balancer by HTTP, and would be redirected to HTTPS without end (environment/redirect)",
    ]
  `);
  expect(
    misfits(web("{ path: /, alias: a.example.org, redirect_to_https: true }"), {
      cdn: { certificate, terminate_tls: true },
      http: { public: { certificates: [certificate] } },
    }),
  ).toMatchInlineSnapshot(`
    [
      "4:59 the CDN of test asks the load balancer by HTTP, and would be redirected to HTTPS without end (environment/redirect)",
    ]
  `);
});

test("a VPC that is imported may lack the subnets that something needs", () => {
  const subnet = [{ id: "subnet-1" }, { id: "subnet-2" }];
  const vpc = (subnets: object): ReadEnvironmentManifest => ({ network: { vpc: { id: "vpc-1", subnets } } });
  const onlyPrivate = vpc({ private: subnet });
  const found = (text: string, environment: ReadEnvironmentManifest) => misfits(text, environment, "example.com");
  expect(found(`${web("{ path: / }")}nlb: { port: 443/tls }\n`, onlyPrivate)).toMatchInlineSnapshot(`
    [
      "4:1 test imports a VPC without public subnets, and the public load balancer needs them (environment/subnets)",
      "5:1 test imports a VPC without public subnets, and the network load balancer needs them (environment/subnets)",
      "1:1 test imports a VPC without public subnets, and a task that is not placed elsewhere needs them (environment/subnets)",
    ]
  `);
  expect(found("type: Backend Service\nnetwork: { vpc: { placement: private } }\n", vpc({ public: subnet })))
    .toMatchInlineSnapshot(`
    [
      "4:30 test imports a VPC without private subnets, and what is placed there needs them (environment/subnets)",
    ]
  `);
  expect(found(backend("{ path: / }\nnetwork: { vpc: { placement: private } }"), onlyPrivate)).toEqual([]);
  expect(found(backend("{ path: / }\nnetwork: { vpc: { placement: { subnets: [subnet-1] } } }"), onlyPrivate)).toEqual(
    [],
  );
  expect(found(web("{ path: / }"), {})).toEqual([]);
  expect(found("type: Request-Driven Web Service\n", onlyPrivate)).toEqual([]);
});
