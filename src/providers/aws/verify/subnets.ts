import {
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import type { Later } from "../../../plan/later.ts";
import type { Check } from "../../account/verify.ts";
import { fail, lookedUp, ok, skip } from "./check.ts";
import { type Exports, type Place, textOf } from "./place.ts";

/** From each subnet the tasks find a way out: to pull their images, write their logs and read their secrets. A public address
 *  is good for an internet gateway alone; a private one needs a NAT gateway or the like, or endpoints of the VPC.
 *  Source: Amazon ECS Developer Guide, "Fargate task networking" and "VPC interface endpoints". */
export async function checkSubnets(place: Place, exports: Exports): Promise<Check[]> {
  const { placement } = place.request.needs;
  if (placement === undefined) return [];
  const seen = await lookedUp("subnets", async () => {
    const ids = (await Promise.all(placement.subnets.map((each) => subnetIds(each, place, exports)))).flat();
    if (ids.some((id) => id === undefined)) return [notKnown(place)];
    const known = ids.filter((id) => id !== undefined);
    if (known.length === 0)
      return [fail("subnets", "no subnet is found", `aws ec2 describe-subnets --region ${place.record.region}`)];
    return waysOut(known, placement.publicIp, place);
  });
  return "found" in seen ? seen.found : [seen.instead];
}

function notKnown({ environment, request }: Place): Check {
  return environment === undefined
    ? skip("subnets", `are known after the environment ${request.env} has been deployed`)
    : fail("subnets", "the environment's stack does not tell them", `pilotfish env deploy --name ${request.env}`);
}

async function subnetIds(subnet: string | Later, place: Place, exports: Exports): Promise<(string | undefined)[]> {
  if (typeof subnet === "object" && "subnetsWithTags" in subnet) {
    const { VpcId } = place.environment?.outputs ?? {};
    const filters = Object.entries(subnet.subnetsWithTags).map(([key, values]) => ({
      Name: `tag:${key}`,
      Values: [...values],
    }));
    const inVpc = VpcId === undefined ? [] : [{ Name: "vpc-id", Values: [VpcId] }];
    const describe = new DescribeSubnetsCommand({ Filters: [...filters, ...inVpc] });
    const { Subnets = [] } = await place.there.client(EC2Client).send(describe);
    return Subnets.map(({ SubnetId }) => SubnetId);
  }
  const text = await textOf(subnet, place, exports);
  return text === undefined ? [undefined] : text.split(",").map((id) => id.trim());
}

async function waysOut(ids: string[], publicIp: boolean, place: Place): Promise<Check[]> {
  const ec2 = place.there.client(EC2Client);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: ids }));
  const vpcs = [...new Set(Subnets.flatMap(({ VpcId }) => VpcId ?? []))];
  const inVpc = [{ Name: "vpc-id", Values: vpcs }];
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: inVpc }));
  const outs = ids.map((id) => ({ id, out: defaultRoute(tableOf(id, RouteTables)) }));
  const closed = outs.some(({ out }) => out === undefined || (out === "internet gateway" && !publicIp));
  const lacking = closed ? await lackingEndpoints(inVpc, place) : [];
  return outs.map(({ id, out }) => {
    if (out !== undefined && (out !== "internet gateway" || publicIp)) return ok(id, `out through its ${out}`);
    if (lacking.length === 0) return ok(id, "out through endpoints of the VPC");
    if (getsNat(place)) return skip(id, "its NAT gateway is made when the deploy updates the environment");
    const why =
      out === undefined
        ? "has no route out"
        : "leads to an internet gateway alone, and the tasks have no public address";
    return fail(
      id,
      `it ${why}, and the VPC has no endpoint for ${lacking.join(", ")}`,
      `aws ec2 describe-route-tables --region ${place.record.region} --filters Name=vpc-id,Values=${vpcs[0]}`,
    );
  });
}

function tableOf(subnet: string, tables: readonly RouteTable[]): RouteTable | undefined {
  const own = tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnet));
  return own ?? tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true));
}

/** What all else is sent to. */
function defaultRoute(table: RouteTable | undefined): string | undefined {
  const route = table?.Routes?.find((each) => each.DestinationCidrBlock === "0.0.0.0/0" && each.State !== "blackhole");
  if (route === undefined) return undefined;
  if (route.GatewayId?.startsWith("igw-")) return "internet gateway";
  if (route.NatGatewayId !== undefined) return "NAT gateway";
  return route.TransitGatewayId === undefined ? "gateway" : "transit gateway";
}

/** The services that tasks without a way out need an endpoint for, and that have none. */
async function lackingEndpoints(
  inVpc: { Name: string; Values: string[] }[],
  { there, request }: Place,
): Promise<string[]> {
  const { VpcEndpoints = [] } = await there.client(EC2Client).send(new DescribeVpcEndpointsCommand({ Filters: inVpc }));
  const available = VpcEndpoints.filter(({ State }) => /^available$/i.test(State ?? ""));
  const names = available.map(({ ServiceName = "" }) =>
    ServiceName.replace(/^.*?\.vpce\.|^com\.amazonaws\.[^.]+\.|^cn\.com\.amazonaws\.[^.]+\./, ""),
  );
  const { secrets } = request.needs;
  const needed = [
    "ecr.api",
    "ecr.dkr",
    "s3",
    "logs",
    ...(secrets.some(({ from }) => isOf("secretsmanager", from)) ? ["secretsmanager"] : []),
    ...(secrets.some(({ from }) => !isOf("secretsmanager", from)) ? ["ssm"] : []),
  ];
  return needed.filter((service) => !names.includes(service));
}

function isOf(service: string, from: string | Later): boolean {
  return JSON.stringify(from).includes(`:${service}:`);
}

/** In a VPC of its own making, an environment gets NAT gateways with the first workload in its private subnets. */
function getsNat({ request, environment }: Place): boolean {
  const { subnets = [] } = request.needs.placement ?? {};
  const usesPrivate = subnets.some(
    (each) => typeof each === "object" && "env" in each && each.env === "PrivateSubnets",
  );
  const made = environment?.outputs["InternetGatewayID"] !== undefined;
  return usesPrivate && made && environment?.parameters["NATWorkloads"] === "";
}
