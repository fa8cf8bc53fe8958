import type { ApplicationToDelete } from "../../actions/delete-application.ts";
import type { ApplicationDescription } from "../../actions/describe-application.ts";
import { clean } from "./clean.ts";
import { providerText } from "./environment.ts";
import type { Paint } from "./paint.ts";
import { section } from "./section.ts";
import { renderTable } from "./table.ts";

/** An application with its environments and services. */
export function renderApplication({ name, environments, services }: ApplicationDescription, paint: Paint): string[] {
  const places = environments.map((each) => [
    each.name,
    providerText(each),
    each.like === undefined ? "" : `like ${each.like}`,
  ]);
  const rows = services.map((each) => [each.name, each.type ?? "-", each.environments.join(", ") || "-"]);
  return [
    ...section("About", [["Name", name]], paint).slice(1),
    ...section("Environments", [["NAME", "PROVIDER", ""], ...places], paint),
    ...section("Services", rows.length === 0 ? [] : [["NAME", "TYPE", "DEPLOYED TO"], ...rows], paint),
  ];
}

/** What goes with an application. */
export function renderApplicationToDelete({ environments, services, file }: ApplicationToDelete): string[] {
  const rows = environments.map(({ name }) => {
    const deployed = services.filter(({ env }) => env === name).map((service) => service.name);
    return ["environment", name, deployed.length === 0 ? "no services" : `with ${deployed.join(", ")}`];
  });
  const lines = renderTable(rows.map((row) => row.map(clean)));
  return [
    "this removes, with logs and file systems",
    ...lines.map((line) => `  ${line}`),
    ...(file === undefined ? [] : [`  file ${clean(file)}; manifests stay`]),
  ];
}
