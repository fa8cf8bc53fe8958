import type { EnvironmentDescription } from "../../actions/describe-environment.ts";
import type { Environment } from "../../providers/provider.ts";
import type { Paint } from "./paint.ts";
import { section } from "./section.ts";

/** An environment, what is deployed in it and, when asked for, what stands for AWS's resources. */
export function renderEnvironment(
  { environment, services, resources }: EnvironmentDescription,
  withResources: boolean,
  paint: Paint,
): string[] {
  const about = [
    ["Name", environment.name],
    ["Application", environment.app],
    ["Provider", providerText(environment)],
    ...(environment.like === undefined ? [] : [["Overlay", environment.like]]),
  ];
  const rows = services.map(({ name, type, status, desiredCount, runningCount, urls }) => [
    name,
    type ?? "-",
    status,
    `${runningCount} of ${desiredCount}`,
    urls[0] ?? "",
  ]);
  const head = ["NAME", "TYPE", "STATUS", "RUNNING", "URL"];
  return [
    ...section("About", about, paint).slice(1),
    ...section("Services", rows.length === 0 ? [] : [head, ...rows], paint),
    ...(withResources
      ? section(
          "Resources",
          resources.length === 0 ? [["none"]] : resources.map((each) => [each.type, each.physicalId]),
          paint,
        )
      : []),
  ];
}

export function providerText({ provider, account, region }: Environment): string {
  if (provider === "local") return "simulator on this machine";
  return account === undefined ? "AWS" : `AWS, account ${account}${region === undefined ? "" : `, ${region}`}`;
}
