import { aliasesOf } from "../aliases.ts";
import { dotted } from "../problems.ts";
import { parseCodes } from "../schema/success-codes.ts";
import { type HttpRule, httpOf, httpRules } from "../targets.ts";
import { quoted } from "../words.ts";
import { rule } from "./rule.ts";

const mostValues = 5;
/** What Copilot itself refuses: so many aliases and addresses leave no room for any path. */
const mostBesidePath = 4;

/** Elastic Load Balancing takes five values in the conditions of a rule; the path counts too. What Copilot lets through
 *  is a warning: it is AWS that will refuse it. */
export const ruleValues = rule("http/values", ["http/**"], (manifest, report) => {
  for (const { at, rule: each } of httpRules(manifest)) {
    const aliases = aliasesOf(each);
    const addresses = each.allowed_source_ips ?? [];
    const paths = isRoot(each.path) ? 1 : 2;
    const internal = manifest.type === "Backend Service" && aliases.length === 0 ? 2 : 0;
    const total = paths + internal + aliases.length + addresses.length;
    if (total <= mostValues) continue;
    const parts = [
      `${paths} for the path`,
      ...(internal > 0 ? ["2 for the internal names"] : []),
      ...(aliases.length > 0 ? [`${aliases.length} for aliases`] : []),
      ...(addresses.length > 0 ? [`${addresses.length} for source addresses`] : []),
    ];
    report(
      [...at, addresses.length > 0 ? "allowed_source_ips" : "alias"],
      `a rule of the load balancer takes ${mostValues} values, and this one needs ${total}: ${parts.join(", ")}`,
      {
        hint: "spread them over several `additional_rules`, or write wider ranges of addresses",
        severity: aliases.length + addresses.length > mostBesidePath ? "error" : "warning",
      },
    );
  }
});

/** Two rules of one service for the same requests: the second is never reached. */
export const ruleTwice = rule("http/same-rule", ["http/**"], (manifest, report) => {
  const seen = new Map<string, string>();
  for (const { at, rule: each } of httpRules(manifest)) {
    if (each.path === undefined) continue;
    const path = rooted(each.path);
    const key = JSON.stringify([path, aliasesOf(each).toSorted(), (each.allowed_source_ips ?? []).toSorted()]);
    const first = seen.get(key);
    if (first === undefined)
      seen.set(key, at.length === 1 ? "`http`" : `rule ${Number(at[2]) + 1} of \`additional_rules\``);
    else
      report([...at, "path"], `the path ${quoted(path)} is that of ${first} too, for the same names and addresses`, {
        hint: "only the first of two such rules is ever reached: take this one away, or give it another path",
      });
  }
});

const mostWildcards = 6;

/** Elastic Load Balancing takes so many `*` and `?` in a rule; a path stands in it twice, once with `/*` at its end. */
export const wildcards = rule("http/wildcards", ["http/**"], (manifest, report) => {
  for (const { at, rule: each } of httpRules(manifest)) {
    const path = each.path ?? "";
    const inPath = path.match(/[*?]/g)?.length ?? 0;
    const count = (isRoot(path) ? 1 : 2 * inPath + 1) + (aliasesOf(each).join("").match(/[*?]/g)?.length ?? 0);
    if (inPath === 0 || count <= mostWildcards) continue;
    report(
      [...at, "path"],
      `a rule of the load balancer takes ${mostWildcards} wildcards, and this one needs ${count}`,
      {
        hint: "the path stands in the rule twice, alone and with `/*` at its end",
        severity: "warning",
      },
    );
  }
});

export const hostedZones = rule("http/hosted-zone", ["http/**"], (manifest, report) => {
  for (const { at, rule: each } of httpRules(manifest)) {
    if (each.hosted_zone === undefined || each.alias !== undefined) continue;
    report([...at, "hosted_zone"], "`hosted_zone` needs `alias`, the name to write into the zone", {
      hint: "add `alias: www.example.com`",
    });
  }
});

/** HTTP answers are checked by status code, gRPC answers by gRPC's own codes. */
export const matchedCodes = rule("http/success-codes", ["http/**"], (manifest, report) => {
  for (const { at, rule: each } of httpRules(manifest)) {
    const codes = typeof each.healthcheck === "object" ? each.healthcheck.success_codes : undefined;
    if (codes === undefined) continue;
    const [least, most, kind] = isGrpc(each) ? [0, 99, "gRPC"] : [200, 499, "HTTP status"];
    if (parseCodes(codes)?.every(({ from, to }) => from >= least && to <= most)) continue;
    report(
      [...at, "healthcheck", "success_codes"],
      `${quoted(dotted([...at, "healthcheck", "success_codes"]))} must be ${kind} codes between ${least} and ${most}, not ${quoted(codes)}`,
      {
        hint: isGrpc(each)
          ? "write `0`, or a range: `0-99`"
          : "write one code, a list or a range: `200`, `200,301` or `200-299`",
      },
    );
  }
});

export const redirects = rule("http/no-effect", ["http"], (manifest, report) => {
  const http = httpOf(manifest);
  if (manifest.type !== "Load Balanced Web Service" || !http || !("alb" in http) || http.alb === undefined) return;
  for (const { at, rule: each } of httpRules(manifest)) {
    if (each.redirect_to_https === undefined) continue;
    report([...at, "redirect_to_https"], "`redirect_to_https` has no effect with `alb`", {
      hint: "requests are redirected when that load balancer listens with HTTP and HTTPS",
      severity: "warning",
    });
  }
});

function isGrpc({ version }: HttpRule): boolean {
  return version?.toLowerCase() === "grpc";
}

function isRoot(path = ""): boolean {
  return rooted(path) === "/";
}

function rooted(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
