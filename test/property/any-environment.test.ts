import * as fc from "fast-check";
import { expect, test } from "vitest";
import { workloadStack } from "../../src/actions/workload-stack.ts";
import { environmentParameterValues } from "../../src/cloudformation/environment/environment-parameters.ts";
import { environmentTemplate } from "../../src/cloudformation/environment/environment-template.ts";
import { loadWorkloadManifest } from "../../src/manifest/load.ts";
import { type EnvironmentManifest, loadEnvironmentManifest } from "../../src/manifest/load-environment.ts";
import { planEnvironment } from "../../src/plan/environment-plan.ts";
import { someFacts } from "../support/stack-of.ts";
import { templateFindings } from "../support/template-check/template-findings.ts";

/** Environments, services of App Runner and sites put together from forms of each field: one of each list, or none. */

const certificate = (region: string, n: number) =>
  `arn:aws:acm:${region}:123456789012:certificate/${n}1234567-89ab-cdef-0123-456789abcdef`;
const [one, two, edge] = [certificate("eu-west-1", 1), certificate("eu-west-1", 2), certificate("us-east-1", 3)];
const subnets = (tier: string, ids: string[]) => `${tier}: [${ids.map((id) => `{ id: subnet-${id} }`).join(", ")}]`;
const made = (zones: number, named: boolean) =>
  ["public", "private"]
    .map((tier, t) => {
      const all = Array.from({ length: zones }, (_, i) => {
        const zone = named ? `, az: eu-west-1${"abcd"[zones - 1 - i]}` : "";
        return `{ cidr: 10.1.${t * 10 + i}.0/24${zone} }`;
      });
      return `${tier}: [${all.join(", ")}]`;
    })
    .join(", ");

const networks = [
  `id: vpc-1, subnets: { ${subnets("public", ["a", "b"])}, ${subnets("private", ["c", "d", "e"])} }`,
  `id: vpc-1, subnets: { ${subnets("public", ["a", "b"])} }`,
  `id: vpc-1, subnets: { ${subnets("private", ["c", "d"])} }`,
  ...[2, 3, 4].flatMap((zones) =>
    [true, false].map((named) => `cidr: 10.1.0.0/16, subnets: { ${made(zones, named)} }`),
  ),
];
const environment = fc.record({
  network: fc.constantFrom("", ...networks),
  logs: fc.constantFrom("", "flow_logs: true", "flow_logs: { retention: 30 }"),
  groups: fc.constantFrom(
    "",
    "security_group: { ingress: [{ ip_protocol: tcp, ports: 0-65535, cidr: 10.0.0.0/8 }], egress: [{ ip_protocol: '-1', ports: -1, cidr: 0.0.0.0/0 }] }",
  ),
  cdn: fc.constantFrom("", "true", "{ terminate_tls: true }", `{ certificate: "${edge}", terminate_tls: true }`),
  files: fc.boolean(),
  certificates: fc.constantFrom(0, 1, 2),
  policy: fc.boolean(),
  access: fc.constantFrom("", "true", "{ prefix: a/b }", "{ bucket_name: logs }"),
  sources: fc.boolean(),
  internal: fc.constantFrom(0, 1, 2),
  open: fc.constantFrom("", "ingress: { vpc: true }", "security_groups: { ingress: { from_vpc: true } }"),
  insights: fc.boolean(),
  domain: fc.boolean(),
});
type Traits = typeof environment extends fc.Arbitrary<infer T> ? T : never;

function manifestOf(traits: Traits): string {
  const { network, logs, groups, cdn, files, certificates, policy, access, sources, internal, open } = traits;
  const joined = (...parts: string[]) => parts.filter(Boolean).join(", ");
  const inner = cdn.startsWith("{") ? cdn.slice(1, -1).trim() : "";
  const assets = files && cdn ? "static_assets: { alias: f.example.com, location: f.s3.amazonaws.com, path: f/* }" : "";
  const edges = certificates > 0 && cdn && !inner.includes("certificate") ? `certificate: "${edge}"` : "";
  const settings = joined(inner, assets, edges);
  const list = (n: number) => (n === 0 ? "" : `certificates: [${[one, two].slice(0, n).join(", ")}]`);
  const ingress = joined(cdn ? "cdn: true" : "", sources ? "source_ips: [192.0.2.0/24]" : "");
  return [
    "name: test\ntype: Environment",
    `network: { vpc: { ${joined(network, logs, groups)} } }`,
    ...(cdn ? [`cdn: ${settings ? `{ ${settings} }` : "true"}`] : []),
    `http: { public: { ${joined(list(certificates), policy ? "ssl_policy: ELBSecurityPolicy-2016-08" : "", access && `access_logs: ${access}`, ingress && `ingress: { ${ingress} }`)} }, private: { ${joined(list(internal), open)} } }`,
    `observability: { container_insights: ${String(traits.insights)} }`,
  ].join("\n");
}

/** Which of these are there, by what Copilot's template says of each. */
function expected({
  network,
  logs,
  cdn,
  files,
  certificates,
  access,
  internal,
  open,
}: Traits): Record<string, boolean> {
  const own = !network.startsWith("id:");
  const zones = own ? (network.match(/cidr: 10\.1\.\d\.0\/24/g)?.length ?? 2) : 0;
  const bucket = access !== "" && !access.includes("bucket_name");
  return {
    VPC: own,
    PublicSubnet3: zones > 2,
    NatGateway2: own,
    NatGateway4: zones > 3,
    PrivateRoute3: zones > 2,
    AppRunnerVpcEndpoint: own,
    MountTarget1: own || network.includes("private:"),
    MountTarget3: own ? zones > 2 : network.includes("subnet-e"),
    CloudFrontDistribution: cdn !== "",
    CloudFrontOriginAccessControl: cdn !== "" && files,
    HTTPSImportCertificate2: certificates === 2,
    InternalHTTPSImportCertificate2: internal === 2,
    EnvironmentHostedZone: certificates === 0,
    InternalWorkloadsHostedZone: internal === 0,
    ELBAccessLogsBucket: bucket,
    ELBAccessLogsBucketPolicy: bucket,
    VpcFlowLogGroup: logs !== "",
    FlowLogRole: logs !== "",
    InternalLoadBalancerSecurityGroupIngressFromHttp: open !== "",
    "output PublicSubnets": own || network.includes("public:"),
    "output PrivateSubnets": own || network.includes("private:"),
    "output InternetGatewayID": own,
    "output PrivateRouteTableIDs": own,
    "output EnvironmentSubdomain": certificates === 0,
    "output InternalWorkloadsHostedZoneName": internal === 0,
    "output CloudFrontDomainName": cdn !== "",
    "output AppRunnerVpcEndpointId": own,
  };
}

/** `MUTATIONS` asks for another number. */
const runs = Number(process.env["MUTATIONS"] ?? 60);
const timeout = 60_000 + runs * 150;

test(
  "whatever an environment puts together, it has what Copilot makes of it, and CloudFormation knows every name",
  {
    timeout,
  },
  () => {
    fc.assert(
      fc.property(environment, (traits) => {
        const text = manifestOf(traits);
        const source = { file: "manifest.yml", text, folder: "test" };
        const { manifest, diagnostics } = loadEnvironmentManifest(source, { app: "shop", variables: {} });
        if (!manifest) throw new Error(`${text}\n${JSON.stringify(diagnostics, undefined, 2)}`);
        const facts = { ...someFacts, ...(traits.domain && { domain: "example.com" }) };
        const input = { plan: planEnvironment({ manifest, app: "shop", env: "test" }), facts, manifest: text };
        const template = environmentTemplate(input);
        expect({ text, findings: templateFindings(template) }).toEqual({ text, findings: [] });
        expect(Object.keys(environmentParameterValues(input, [])).toSorted()).toEqual(
          Object.keys(template.Parameters).toSorted(),
        );
        const wanted = expected(traits);
        const { Resources: resources, Outputs: outputs = {} } = template;
        const found = Object.keys(wanted).map((id) => {
          const output = id.replace(/^output /, "");
          return [id, Object.hasOwn(id === output ? resources : outputs, output)];
        });
        expect({ text, ...Object.fromEntries(found) }).toEqual({ text, ...wanted });
      }),
      { numRuns: runs },
    );
  },
);

const runner = fc
  .tuple(
    fc.constantFrom(
      "image: { build: Dockerfile, port: 80 }",
      "image: { location: public.ecr.aws/a/b:1, port: 8080 }",
      "image: { location: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1', port: 80 }",
    ),
    fc.constantFrom(
      "",
      "http: { healthcheck: /up, alias: run.example.com }",
      "http: { private: true, healthcheck: { path: /, interval: 9s, timeout: 3s, healthy_threshold: 2, unhealthy_threshold: 20 } }",
      "http: { private: { endpoint: vpce-1 } }",
    ),
    fc.constantFrom(
      "",
      "network: { vpc: { placement: private } }",
      "network: { vpc: { placement: { subnets: [subnet-1, subnet-2] } } }",
      "network: { vpc: { placement: { subnets: { from_tags: { a: b } } } } }",
    ),
    fc.constantFrom("", "cpu: 256\nmemory: 512", "cpu: 4096\nmemory: 12288"),
    fc.constantFrom("", "count: default", "count: busy-hours/3"),
    fc.constantFrom("", "variables: { A: 1, B: '', C: { from_cfn: c }, D: '${E}' }".replace("${E}", "\\${E}")),
    fc.constantFrom("", "secrets: { S: a, T: { secretsmanager: b }, U: { from_cfn: c } }"),
    fc.constantFrom("", "publish: { topics: [{ name: a-b }, { name: c, fifo: true }] }"),
    fc.constantFrom("", "observability: { tracing: awsxray }\ncommand: run --it\ntags: { team: web }"),
  )
  .map((parts) => `type: Request-Driven Web Service\n${parts.filter(Boolean).join("\n")}`);
const site = fc
  .constantFrom("", "http: { alias: s.example.com }", `http: { alias: s.example.com, certificate: "${edge}" }`)
  .map((http) => `type: Static Site\nfiles: [{ source: public, recursive: true }]\n${http}`);

test(
  "whatever a service of App Runner or a site puts together, CloudFormation knows every property and name",
  {
    timeout,
  },
  () => {
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: runner }, { weight: 1, arbitrary: site }),
        fc.boolean(),
        (rest, hasDomain) => {
          const text = `name: api\n${rest}\n`;
          const place = { app: "shop", env: "test" };
          const source = { file: "manifest.yml", text, folder: "api" };
          const { manifest, diagnostics } = loadWorkloadManifest(source, { ...place, variables: {} });
          if (!manifest) throw new Error(`${text}\n${JSON.stringify(diagnostics, undefined, 2)}`);
          const facts = { ...someFacts, ...(hasDomain && { domain: "example.com" }) };
          const plain: EnvironmentManifest = { name: "test", type: "Environment" };
          const around = planEnvironment({ manifest: plain, ...place });
          const given = { ...place, facts, text, environment: around, namespace: "test.shop.local" };
          const { template, parameters } = workloadStack(manifest, given);
          expect({ text, findings: templateFindings(template) }).toEqual({ text, findings: [] });
          expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(Object.keys(parameters)));
        },
      ),
      { numRuns: runs },
    );
  },
);
