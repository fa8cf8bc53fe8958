import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Workspace } from "../workspace/workspace.ts";
import type { WrittenFile } from "./init-service.ts";

/** What a new environment is to be, where it is not as by default. */
export interface NewEnvironmentOptions {
  containerInsights?: boolean;
  importVpc?: { id: string; publicSubnets: readonly string[]; privateSubnets: readonly string[] };
  /** Certificates of listeners: of the public one where the network has public subnets, else of the internal one. */
  certificates?: readonly string[];
  adjustVpc?: {
    cidr?: string;
    zones: readonly string[];
    publicCidrs: readonly string[];
    privateCidrs: readonly string[];
  };
  /** Subnets of the internal load balancer. */
  internalSubnets?: readonly string[];
  internalFromVpc?: boolean;
}

/** Writes `copilot/environments/NAME/manifest.yml`, and beside it the JSON Schema that its first line names. A manifest that
 *  is there stays as it is. @throws UserError workspace/write-failed */
export async function writeEnvironmentManifest(
  name: string,
  options: NewEnvironmentOptions,
  { workspace, packageRoot }: { workspace: Workspace; packageRoot: string },
): Promise<WrittenFile[]> {
  const template = await readFile(join(packageRoot, "templates/environment.yml"), "utf8");
  const { file, creation } = await workspace.createEnvironment(name, fill(template, name, options));
  const schema = await readFile(join(packageRoot, "manifests/schema/environment.json"), "utf8");
  const written = await workspace.writeSchema("environment.json", schema);
  return [{ file, creation: creation === "created" ? "created" : "unchanged" }, written];
}

function fill(template: string, name: string, options: NewEnvironmentOptions): string {
  const values: Record<string, string> = {
    name,
    insights: String(options.containerInsights ?? false),
    network: block(networkOf(options)) ?? sample(networkSample),
    http: block(httpOf(options)) ?? sample(httpSample),
  };
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? "");
}

function networkOf({ importVpc, adjustVpc }: NewEnvironmentOptions): object | undefined {
  const ids = (list: readonly string[]) => list.map((id) => ({ id }));
  if (importVpc) {
    const { id, publicSubnets, privateSubnets } = importVpc;
    return { network: { vpc: { id, subnets: given({ public: ids(publicSubnets), private: ids(privateSubnets) }) } } };
  }
  if (!adjustVpc) return undefined;
  const { cidr = defaults.cidr, zones } = adjustVpc;
  const subnets = (cidrs: readonly string[], otherwise: readonly string[]) =>
    (cidrs.length > 0 ? cidrs : otherwise).map((each, index) => ({
      cidr: each,
      ...(zones[index] !== undefined && { az: zones[index] }),
    }));
  return {
    network: {
      vpc: {
        cidr,
        subnets: {
          public: subnets(adjustVpc.publicCidrs, defaults.public),
          private: subnets(adjustVpc.privateCidrs, defaults.private),
        },
      },
    },
  };
}

const defaults = {
  cidr: "10.0.0.0/16",
  public: ["10.0.0.0/24", "10.0.1.0/24"],
  private: ["10.0.2.0/24", "10.0.3.0/24"],
};

function httpOf({
  importVpc,
  certificates = [],
  internalSubnets = [],
  internalFromVpc = false,
}: NewEnvironmentOptions): object | undefined {
  const isInternal = importVpc !== undefined && importVpc.publicSubnets.length === 0;
  const open = given({ certificates: isInternal ? [] : certificates });
  const internal = {
    ...given({ certificates: isInternal ? certificates : [], subnets: internalSubnets }),
    ...(internalFromVpc && { ingress: { vpc: true } }),
  };
  const http = {
    ...(Object.keys(open).length > 0 && { public: open }),
    ...(Object.keys(internal).length > 0 && { private: internal }),
  };
  return Object.keys(http).length === 0 ? undefined : { http };
}

/** Without the lists that are empty. */
function given(lists: Record<string, readonly unknown[]>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function block(value: object | undefined): string | undefined {
  return value && stringify(value, { lineWidth: 0 }).trimEnd();
}

function sample(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}`).join("\n");
}

const networkSample = [
  "The network is made by default; another one can be used, with its subnets.",
  "network:",
  "  vpc:",
  "    id: vpc-0123456789abcdef0",
  "    subnets:",
  "      public: [{ id: subnet-0123456789abcdef0 }, { id: subnet-0123456789abcdef1 }]",
  "      private: [{ id: subnet-0123456789abcdef2 }, { id: subnet-0123456789abcdef3 }]",
];

const httpSample = [
  "The load balancer that services share, when one of them needs it.",
  "http:",
  "  public:",
  "    certificates: [arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef]",
];
