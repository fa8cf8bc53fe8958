import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadEnvironmentManifest } from "../../../src/manifest/load-environment.ts";

const file = "copilot/environments/test/manifest.yml";

/** What is wrong with the manifest of the environment `test` that has these lines below its name and type. */
function problems(text: string, variables: Record<string, string> = {}): string {
  const whole = `name: test\ntype: Environment\n${dedented(text)}`;
  const { diagnostics, manifest } = loadEnvironmentManifest(
    { file, text: whole, folder: "test" },
    { app: "shop", variables },
  );
  expect(manifest === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
  const lines = diagnostics.flatMap(({ line, column, severity, message, code, hint }) => [
    `${line}:${column} ${severity} ${message} (${code})`,
    ...(hint === undefined ? [] : [`    ${hint}`]),
  ]);
  return lines.length === 0 ? "none" : `\n${lines.join("\n")}\n`;
}

/** Without the lines' common indentation. */
function dedented(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const common = Math.min(80, ...indents);
  return lines.map((line) => line.slice(Math.min(common, /^ */.exec(line)?.[0].length ?? 0))).join("\n");
}

const certificate = "arn:aws:acm:us-west-2:111122223333:certificate/1";
const cdnCertificate = "arn:aws:acm:us-east-1:111122223333:certificate/2";

describe("what is taken", () => {
  test("every field, in every form", () => {
    expect(
      problems(`
        network:
          vpc:
            cidr: 10.20.0.0/16
            subnets:
              public: [{ cidr: 10.20.0.0/24, az: us-west-2a }, { cidr: 10.20.1.0/24, az: us-west-2b }]
              private: [{ cidr: 10.20.2.0/24, az: us-west-2b }, { cidr: 10.20.3.0/24, az: us-west-2a }]
            security_group:
              ingress: [{ ip_protocol: tcp, ports: 80, cidr: 0.0.0.0/0 }, { ip_protocol: 17, ports: 8000-9000, cidr: 10.0.0.0/8 }]
              egress: [{ ip_protocol: "-1", ports: -1, cidr: 0.0.0.0/0 }]
            flow_logs: { retention: 60 }
        cdn:
          certificate: ${cdnCertificate}
          terminate_tls: true
          static_assets: { alias: example.com, location: assets.s3.us-west-2.amazonaws.com, path: static/* }
        http:
          public:
            certificates: [${certificate}]
            access_logs: { bucket_name: my-logs, prefix: lb }
            ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06
            ingress: { cdn: true, source_ips: [192.0.2.0/24] }
          private:
            certificates: []
            ssl_policy: ELBSecurityPolicy-TLS13-1-2-2021-06
            ingress: { vpc: true }
        observability: { container_insights: true }
      `),
    ).toBe("none");
    expect(problems("cdn: true\nhttp: { public: { access_logs: true } }\nnetwork: { vpc: { flow_logs: on } }")).toBe(
      "none",
    );
    expect(problems("")).toBe("none");
  });

  test("the older words for who may reach a load balancer", () => {
    const http = `
      cdn: true
      http:
        public: { security_groups: { ingress: { restrict_to: { cdn: true } } } }
        private: { security_groups: { ingress: { from_vpc: true } } }
    `;
    expect(problems(http)).toBe("none");
  });

  test("variables of the shell, and the name of the environment", () => {
    const text = `
      http: { public: { certificates: ["\${CERTIFICATE}"], ssl_policy: "\${COPILOT_ENVIRONMENT_NAME}" } }
    `;
    expect(problems(text, { CERTIFICATE: certificate })).toBe("none");
    expect(problems(text)).toMatchInlineSnapshot(`
      "
      3:34 error the variable \`CERTIFICATE\` is not set (interpolation/undefined)
          set it first: CERTIFICATE=… before the command
      "
    `);
  });
});

describe("the network", () => {
  test("a VPC exists or is made", () => {
    expect(
      problems(`
        network:
          vpc:
            id: vpc-1
            cidr: 10.0.0.0/16
            subnets: { public: [{ id: subnet-1, az: us-west-2a }, { id: subnet-2, cidr: 10.0.0.0/24 }] }
      `),
    ).toMatchInlineSnapshot(`
      "
      6:11 error \`network.vpc.id\` and \`network.vpc.cidr\` exclude each other (environment/vpc)
          \`id\` takes a VPC that exists, \`cidr\` makes one: keep one of them
      7:45 error \`id\` and \`az\` of a subnet exclude each other (environment/subnet)
          \`id\` takes a subnet that exists, \`cidr\` and \`az\` make one
      7:81 error \`id\` and \`cidr\` of a subnet exclude each other (environment/subnet)
          \`id\` takes a subnet that exists, \`cidr\` and \`az\` make one
      "
    `);
  });

  test("one that exists needs enough subnets, by their ids, each once", () => {
    expect(problems("network: { vpc: { id: vpc-1 } }")).toMatchInlineSnapshot(`
      "
      3:12 error a VPC that exists needs the subnets to use (environment/imported-vpc)
          add \`subnets: { public: [{ id: subnet-… }, { id: subnet-… }] }\`
      "
    `);
    expect(
      problems(`
        network:
          vpc:
            id: vpc-1
            subnets:
              public:
                - id: subnet-1
              private:
                - id: subnet-1
                - id: subnet-1
                - cidr: 10.0.0.0/24
                - az: us-west-2a
                - {}
      `),
    ).toMatchInlineSnapshot(`
      "
      7:7 error one public subnet is not enough: a load balancer needs two (environment/imported-vpc)
          name another one, in another availability zone, or no public subnet at all
      11:15 error the subnet \`subnet-1\` is listed twice (environment/imported-vpc)
          take one of them away
      12:17 error a subnet of a VPC that exists is named by its \`id\` (environment/imported-vpc)
          write \`id: subnet-…\` in the place of \`cidr\` and \`az\`
      13:15 error a subnet of a VPC that exists is named by its \`id\` (environment/imported-vpc)
          write \`id: subnet-…\` in the place of \`az\`
      14:11 error this subnet says nothing (environment/subnet)
          give its \`id\`, or a \`cidr\` for one to be made
      "
    `);
  });

  test("one that exists may have subnets that serve as both", () => {
    const subnets = "[{ id: subnet-1 }, { id: subnet-2 }]";
    expect(problems(`network: { vpc: { id: vpc-1, subnets: { public: ${subnets}, private: ${subnets} } } }`)).toBe(
      "none",
    );
  });

  test("one that is made needs as many private subnets as public ones", () => {
    expect(problems("network: { vpc: { cidr: 10.0.0.0/16 } }")).toMatchInlineSnapshot(`
      "
      3:25 error \`network.vpc.cidr\` needs the subnets to make (environment/own-vpc)
          add \`subnets\` with \`public\` and \`private\`, each a list of \`cidr\`
      "
    `);
    expect(
      problems(`
        network:
          vpc:
            cidr: 10.0.0.0/16
            subnets:
              public: [{ cidr: 10.0.0.0/24 }, { cidr: 10.0.1.0/24 }]
              private: [{ cidr: 10.0.2.0/24 }]
      `),
    ).toMatchInlineSnapshot(`
      "
      8:7 error there are 2 public and 1 private subnets, and each public one needs a private one beside it (environment/own-vpc)
          add private subnets, or take public ones away
      "
    `);
    expect(problems("network: { vpc: { cidr: 10.0.0.0/16, subnets: { public: [{ cidr: 10.0.0.0/24 }] } } }"))
      .toMatchInlineSnapshot(`
        "
        3:38 error there are 1 public and no private subnets, and each public one needs a private one beside it (environment/own-vpc)
            add private subnets, or take public ones away
        "
      `);
  });

  test("its availability zones go together", () => {
    expect(
      problems(`
        network:
          vpc:
            cidr: 10.0.0.0/16
            subnets:
              public:
                - { cidr: 10.0.0.0/24, az: us-west-2a }
                - { cidr: 10.0.1.0/24, az: us-west-2a }
                - { cidr: 10.0.2.0/24 }
              private:
                - { cidr: 10.0.3.0/24, az: us-west-2b }
                - { cidr: 10.0.4.0/24, az: us-west-2c }
                - { az: us-west-2a }
      `),
    ).toMatchInlineSnapshot(`
      "
      7:7 error there is no public subnet in \`us-west-2b\` and \`us-west-2c\` (environment/zones)
          public and private subnets are in the same availability zones
      9:36 error two public subnets are in \`us-west-2a\` (environment/zones)
          each public subnet needs an availability zone of its own
      10:11 error this subnet has no \`az\`, and others have (environment/zones)
          give each subnet an availability zone, or none
      14:11 error a subnet of a VPC to be made needs a \`cidr\` (environment/own-vpc)
          write \`cidr: 10.0.0.0/24\`
      "
    `);
    expect(
      problems(`
        network:
          vpc:
            cidr: 10.0.0.0/16
            subnets: { public: [{ cidr: 10.0.0.0/24, az: a }], private: [{ cidr: 10.0.1.0/24, az: a }] }
      `),
    ).toMatchInlineSnapshot(`
      "
      6:16 error one availability zone is not enough: a load balancer needs two (environment/zones)
          add a public and a private subnet in another one
      "
    `);
  });

  test("ranges of addresses are ranges, of a size that EC2 takes, within the VPC and apart", () => {
    expect(
      problems(`
        network:
          vpc:
            cidr: 10.0.0.0/16
            subnets:
              public: [{ cidr: 10.0.0.0/24 }, { cidr: 10.0.0.128/25 }, { cidr: 10.1.0.0/24 }]
              private: [{ cidr: 10.0.3.0 }, { cidr: 10.0.4.0/29 }, { cidr: "2001:db8::/64" }]
      `),
    ).toMatchInlineSnapshot(`
      "
      8:25 error \`network.vpc.subnets.private[0].cidr\` must be a range of IPv4 addresses such as 10.0.0.0/16, not \`10.0.3.0\` (schema/value)
          one address is written 10.0.3.0/32
      8:45 error \`network.vpc.subnets.private[1].cidr\` must be between a /16 and a /28 range, not \`10.0.4.0/29\` (schema/value)
      8:68 error \`network.vpc.subnets.private[2].cidr\` must be a range of IPv4 addresses such as 10.0.0.0/16, not \`2001:db8::/64\` (schema/value)
          security groups and subnets of environments take IPv4 only
      "
    `);
    expect(
      problems(`
        network:
          vpc:
            cidr: 10.0.0.0/16
            subnets:
              public: [{ cidr: 10.0.0.0/24 }, { cidr: 10.0.0.128/25 }, { cidr: 10.1.0.0/24 }]
              private: [{ cidr: 10.0.3.0/24 }, { cidr: 10.0.0.0/22 }, { cidr: 9.255.255.0/24 }]
      `),
    ).toMatchInlineSnapshot(`
      "
      7:47 error \`10.0.0.128/25\` overlaps with \`10.0.0.0/24\` of another subnet (environment/ranges)
          give each subnet a range of its own
      7:72 error \`10.1.0.0/24\` is not within the VPC's \`10.0.0.0/16\` (environment/ranges)
          give it a part of that range
      8:48 error \`10.0.0.0/22\` overlaps with \`10.0.0.0/24\` of another subnet (environment/ranges)
          give each subnet a range of its own
      8:71 error \`9.255.255.0/24\` is not within the VPC's \`10.0.0.0/16\` (environment/ranges)
          give it a part of that range
      "
    `);
    expect(problems("network: { vpc: { cidr: 10.0.0.0/8 } }")).toMatchInlineSnapshot(`
      "
      3:25 error \`network.vpc.cidr\` must be between a /16 and a /28 range, not \`10.0.0.0/8\` (schema/value)
      "
    `);
  });

  test("subnets without a VPC change nothing", () => {
    expect(problems("network: { vpc: { subnets: { public: [{ cidr: 10.0.0.0/24 }], private: [] } } }"))
      .toMatchInlineSnapshot(`
      "
      3:19 warning \`subnets\` has no effect without \`network.vpc.cidr\`: the default network is made (environment/no-effect)
          add \`cidr: 10.0.0.0/16\` to a new environment; in one that exists this would replace its subnets
      "
    `);
    expect(problems("network: { vpc: { subnets: { public: [{ id: subnet-1 }] } } }")).toMatchInlineSnapshot(`
      "
      3:19 warning \`subnets\` has no effect without \`network.vpc.id\`: the default network is made (environment/no-effect)
          add the \`id\` of the VPC that they are in
      "
    `);
  });

  test("rules of the security group", () => {
    expect(
      problems(`
        network:
          vpc:
            security_group:
              ingress:
                - { ip_protocol: tcp, ports: 80 }
                - { ip_protocol: quic, ports: 90-80, cidr: 10.0.0.1 }
                - { ports: "http", cidr: "::/0" }
                - { ip_protocol: 256, ports: 70000, cidr: 10.0.0.0/33 }
                -
      `),
    ).toMatchInlineSnapshot(`
      "
      7:11 error \`network.vpc.security_group.ingress[0].cidr\` is missing (schema/missing)
          give the addresses: \`cidr: 10.0.0.0/8\`
      8:26 error \`network.vpc.security_group.ingress[1].ip_protocol\` must be tcp, udp, icmp, the number of a protocol, or -1 for all of them, not \`quic\` (schema/value)
      8:39 error \`network.vpc.security_group.ingress[1].ports\` must be a port, a range of ports such as 8000-9000, or -1 for all of them, not \`90-80\` (schema/value)
      8:52 error \`network.vpc.security_group.ingress[1].cidr\` must be a range of IPv4 addresses such as 10.0.0.0/16, not \`10.0.0.1\` (schema/value)
          one address is written 10.0.0.1/32
      9:11 error \`network.vpc.security_group.ingress[2].ip_protocol\` is missing (schema/missing)
          give the protocol: \`ip_protocol: tcp\`
      9:20 error \`network.vpc.security_group.ingress[2].ports\` must be a port, a range of ports such as 8000-9000, or -1 for all of them, not \`http\` (schema/value)
      9:34 error \`network.vpc.security_group.ingress[2].cidr\` must be a range of IPv4 addresses such as 10.0.0.0/16, not \`::/0\` (schema/value)
          security groups and subnets of environments take IPv4 only
      10:26 error \`network.vpc.security_group.ingress[3].ip_protocol\` must be tcp, udp, icmp, the number of a protocol, or -1 for all of them, not \`256\` (schema/value)
      10:38 error \`network.vpc.security_group.ingress[3].ports\` must be a port, a range of ports such as 8000-9000, or -1 for all of them, not \`70000\` (schema/value)
      10:51 error \`network.vpc.security_group.ingress[3].cidr\` must be a range of IPv4 addresses such as 10.0.0.0/16, not \`10.0.0.0/33\` (schema/value)
      11:10 error \`network.vpc.security_group.ingress[4]\` is empty (schema/type)
      "
    `);
  });

  test("flow logs", () => {
    expect(problems("network: { vpc: { flow_logs: false } }")).toMatchInlineSnapshot(`
      "
      3:30 warning \`flow_logs: false\` leaves the flow logs out; Copilot made them for any value (environment/flow-logs)
          write \`flow_logs: true\` to keep those of an environment that Copilot deployed
      "
    `);
    expect(problems("network: { vpc: { flow_logs: { retention: 10 } } }")).toMatchInlineSnapshot(`
      "
      3:43 error \`network.vpc.flow_logs.retention\` must be a number of days that CloudWatch Logs keeps logs for, not 10 (schema/value)
          use 7 or 14
      "
    `);
    expect(problems("network: { vpc: { flow_logs: 14 } }")).toMatchInlineSnapshot(`
      "
      3:30 error \`network.vpc.flow_logs\` must be true or false or a map, not \`14\` (schema/type)
      "
    `);
  });
});

describe("load balancers and the CDN", () => {
  test("certificates are ARNs, and those of a CDN are of us-east-1", () => {
    expect(
      problems(`
        cdn: { certificate: "${certificate}", terminate_tls: true }
        http: { public: { certificates: [cert-1, "arn:aws:acm"] }, private: { certificates: "${certificate}" } }
      `),
    ).toMatchInlineSnapshot(`
      "
      3:21 error \`cdn.certificate\` must be a certificate of the region us-east-1, not of \`us-west-2\` (schema/value)
          CloudFront takes certificates of us-east-1 only: request it there, or import it there
      4:34 error \`http.public.certificates[0]\` must be the ARN of a certificate, not \`cert-1\` (schema/value)
      4:42 error \`http.public.certificates[1]\` must be the ARN of a certificate, not \`arn:aws:acm\` (schema/value)
      4:85 error \`http.private.certificates\` must be a list, not \`arn:aws:acm:us-west-2:111122223333:certificate/1\` (schema/type)
          write \`["arn:aws:acm:us-west-2:111122223333:certificate/1"]\`
      "
    `);
  });

  test("a CDN and the load balancer behind it both need a certificate, or none", () => {
    expect(problems(`cdn: { certificate: "${cdnCertificate}" }`)).toMatchInlineSnapshot(`
      "
      3:21 error \`cdn.certificate\` alone leaves the load balancer without a certificate (environment/certificates)
          add \`http.public.certificates\`, or \`cdn.terminate_tls: true\`
      "
    `);
    expect(problems(`cdn: true\nhttp: { public: { certificates: ["${certificate}"] } }`)).toMatchInlineSnapshot(`
      "
      3:6 error \`http.public.certificates\` with a CDN needs a certificate for the CDN, too (environment/certificates)
          add \`cdn.certificate\` with the ARN of a certificate of us-east-1
      "
    `);
    expect(problems("cdn: true\nhttp: { public: { certificates: [] } }")).toBe("none");
    expect(problems("cdn: { terminate_tls: false }")).toMatchInlineSnapshot(`
      "
      3:1 warning this CDN is on, although all its settings are \`false\` (environment/cdn)
          write \`cdn: false\`, or take the block away, if there is to be none
      "
    `);
    expect(problems("cdn: { enabled: true }\nhttp: { public: { access_logs: {} } }")).toMatchInlineSnapshot(`
      "
      3:1 error this holds no setting of \`cdn\` (environment/empty)
          write \`cdn: true\` or \`cdn: false\`
      3:8 warning unknown key \`enabled\` in \`cdn\`; it has no effect (schema/unknown-key)
      4:19 error this holds no setting of \`access_logs\` (environment/empty)
          write \`access_logs: true\` or \`access_logs: false\`
      "
    `);
    expect(problems("cdn: { static_assets: { alias: a.example.com } }")).toMatchInlineSnapshot(`
      "
      3:8 error \`cdn.static_assets.location\` is missing (schema/missing)
          give the bucket's address: \`location: assets.s3.us-west-2.amazonaws.com\`
      3:8 error \`cdn.static_assets.path\` is missing (schema/missing)
          give the paths that lead to the files: \`path: static/*\`
      "
    `);
  });

  test("a load balancer restricted to a CDN needs one", () => {
    expect(problems("http: { public: { ingress: { cdn: true } } }")).toMatchInlineSnapshot(`
      "
      3:35 error nobody could reach the load balancer: the environment has no CDN (environment/cdn)
          add \`cdn: true\`
      "
    `);
    expect(problems("cdn: false\nhttp: { public: { security_groups: { ingress: { restrict_to: { cdn: true } } } } }"))
      .toMatchInlineSnapshot(`
      "
      4:69 error nobody could reach the load balancer: the environment has no CDN (environment/cdn)
          add \`cdn: true\`
      "
    `);
  });

  test("who may reach a load balancer is said once, and where it can be said", () => {
    expect(
      problems(`
        http:
          public:
            ingress: { source_ips: [10.0.0.0/8] }
            security_groups: { ingress: { restrict_to: { source_ips: [10.0.0.0/8] } } }
          private:
            ingress: { vpc: true }
            security_groups: { ingress: { from_vpc: true } }
      `),
    ).toMatchInlineSnapshot(`
      "
      6:24 error \`http.public\` says twice who may reach it (environment/ingress)
          keep \`ingress\`; \`security_groups.ingress\` is its older form
      6:50 warning \`source_ips\` has no effect here (environment/no-effect)
          write \`http.public.ingress: { source_ips: […] }\`
      9:24 error \`http.private\` says twice who may reach it (environment/ingress)
          keep \`ingress\`; \`security_groups.ingress\` is its older form
      "
    `);
    expect(
      problems(`
        http:
          public: { security_groups: { ingress: { from_vpc: false } } }
          private: { security_groups: { ingress: { restrict_to: { source_ips: [] } } } }
      `),
    ).toMatchInlineSnapshot(`
      "
      4:53 error the public load balancer does not have \`from_vpc\` (environment/ingress)
          write \`http.private.ingress: { vpc: true }\`
      5:44 error the internal load balancer does not have \`restrict_to\` (environment/ingress)
          only \`http.public\` can be restricted: write \`http.public.ingress\`
      "
    `);
    expect(problems("http: { private: { ingress: { from_vpc: true } } }")).toMatchInlineSnapshot(`
      "
      3:41 warning \`from_vpc\` counts as \`vpc\` here; Copilot did not read it (environment/ingress)
          write \`vpc: true\`
      "
    `);
  });

  test("the subnets of the internal load balancer are among those of the VPC", () => {
    expect(problems("http: { private: { subnets: [subnet-1] } }")).toMatchInlineSnapshot(`
      "
      3:20 error subnets can be chosen only in a VPC that exists (environment/internal-subnets)
          add \`network.vpc.id\` and its \`subnets\`, or leave \`http.private.subnets\` out
      "
    `);
    expect(
      problems(`
        network:
          vpc:
            id: vpc-1
            subnets: { public: [{ id: subnet-1 }, { id: subnet-2 }] }
        http: { private: { subnets: [subnet-1, subnet-2, subnet-1, subnet-3] } }
      `),
    ).toMatchInlineSnapshot(`
      "
      7:60 error \`subnet-3\` is none of the subnets under \`network.vpc\` (environment/internal-subnets)
          add it there, or choose one that is
      "
    `);
  });
});

test("keys that no one knows, keys of workloads, and types that are others", () => {
  expect(
    problems(`
      cpu: 256
      container_insights: true
      http: { public: { certificate: [], alias: x }, privat: {} }
      observability: { container_insights: maybe }
      cdn: [true]
    `),
  ).toMatchInlineSnapshot(`
    "
    3:1 warning unknown key \`cpu\`; it has no effect (schema/unknown-key)
        \`cpu\` belongs in the manifests of workloads: copilot/NAME/manifest.yml
    4:1 warning unknown key \`container_insights\`; it has no effect (schema/unknown-key)
        \`container_insights\` belongs under \`observability\`
    5:19 warning unknown key \`certificate\` in \`http.public\`; it has no effect (schema/unknown-key)
        \`certificate\` belongs under \`cdn\`
    5:36 warning unknown key \`alias\` in \`http.public\`; it has no effect (schema/unknown-key)
        names are each workload's own: \`http.alias\` in copilot/NAME/manifest.yml
    5:48 warning unknown key \`privat\` in \`http\`; it has no effect (schema/unknown-key)
        did you mean \`private\`?
    6:38 error \`observability.container_insights\` must be true or false, not \`maybe\` (schema/type)
    7:1 error \`cdn\` must be true or false or a map, not a list (schema/type)
    "
  `);
});

const cases = join(import.meta.dirname, "../../../../shared/copilot-cases");
const isHere = existsSync(join(cases, "cases.json"));
if (!isHere) process.stderr.write(`skipped: Copilot's reference cases are not at ${cases}\n`);

describe.skipIf(!isHere)("beside the real Copilot", () => {
  test("the environments of the reference cases load without a word", () => {
    const { cases: listed } = JSON.parse(readFileSync(join(cases, "cases.json"), "utf8")) as {
      cases: { id: string; app: string; env: string; workspace: string; variables: Record<string, string> }[];
    };
    const found: Record<string, string[]> = {};
    let read = 0;
    for (const { id, app, env, workspace, variables } of listed) {
      const path = join(cases, workspace, "copilot/environments", env, "manifest.yml");
      if (!existsSync(path)) continue;
      read += 1;
      const source = { file: path, text: readFileSync(path, "utf8"), folder: env };
      const { diagnostics } = loadEnvironmentManifest(source, { app, variables });
      if (diagnostics.length > 0) found[id] = diagnostics.map(({ code, message }) => `${code} ${message}`);
    }
    expect(read).toBeGreaterThan(7);
    expect(found).toEqual({});
  });
});

test("what belongs elsewhere, or has another name, comes with where and which", () => {
  expect(
    problems(`
      network:
        placement: private
        cdn: { certificate_arn: x }
        vpc: { enable_logs: true, enable: false }
      http:
        public:
          alias: www.example.com
          security_groups: { ingress: [{ ip_protocol: tcp, ports: 443, cidr: 0.0.0.0/0 }] }
      tags: { team: a }
      observability: { tracing: awsxray }
    `),
  ).toMatchInlineSnapshot(`
    "
    4:3 warning unknown key \`placement\` in \`network\`; it has no effect (schema/unknown-key)
        it is each workload's own: \`network.vpc.placement\` in copilot/NAME/manifest.yml
    5:3 warning unknown key \`cdn\` in \`network\`; it has no effect (schema/unknown-key)
        \`cdn\` belongs at the top of the manifest
    6:10 warning unknown key \`enable_logs\` in \`network.vpc\`; it has no effect (schema/unknown-key)
        write \`flow_logs\`
    6:29 warning unknown key \`enable\` in \`network.vpc\`; it has no effect (schema/unknown-key)
    9:5 warning unknown key \`alias\` in \`http.public\`; it has no effect (schema/unknown-key)
        names are each workload's own: \`http.alias\` in copilot/NAME/manifest.yml
    10:24 error \`http.public.security_groups.ingress\` must be a map, not a list (schema/type)
        rules of a security group stand under \`network.vpc.security_group\`; who may reach the load balancer under \`ingress\`
    11:1 warning unknown key \`tags\`; it has no effect (schema/unknown-key)
        tags are the application's, and all its resources have them: \`app init --resource-tags\`
    12:18 warning unknown key \`tracing\` in \`observability\`; it has no effect (schema/unknown-key)
        \`tracing\` belongs in the manifests of workloads: copilot/NAME/manifest.yml
    "
  `);
});
