import { cdnOf, certificatesOf, hasCdn, networkKind, restrictsToCdn, subnetsOf, tiers } from "../environment-facts.ts";
import { quoted } from "../words.ts";
import { environmentRule } from "./environment-rule.ts";

export const cdnCertificates = environmentRule(
  "environment/certificates",
  ["cdn/**", "http.public.certificates"],
  (manifest, report) => {
    if (!hasCdn(manifest)) return;
    const { certificate, terminate_tls: terminates } = cdnOf(manifest);
    const imported = certificatesOf(manifest, "public").length > 0;
    if (certificate !== undefined && !imported && terminates !== true)
      report("cdn.certificate", "`cdn.certificate` alone leaves the load balancer without a certificate", {
        hint: "add `http.public.certificates`, or `cdn.terminate_tls: true`",
      });
    if (certificate === undefined && imported)
      report("cdn", "`http.public.certificates` with a CDN needs a certificate for the CDN, too", {
        hint: "add `cdn.certificate` with the ARN of a certificate of us-east-1",
      });
  },
);

/** There is no key that switches a CDN off. */
export const cdnAllFalse = environmentRule("environment/cdn", ["cdn/**"], (manifest, report) => {
  const settings = Object.values(cdnOf(manifest));
  if (settings.length === 0 || settings.some((value) => value !== false)) return;
  report("cdn", "this CDN is on, although all its settings are `false`", {
    hint: "write `cdn: false`, or take the block away, if there is to be none",
    severity: "warning",
  });
});

/** Whether such a map switches something on or off cannot be told; Copilot stops at it, too. */
export const mapsWithNothing = environmentRule(
  "environment/empty",
  ["cdn/**", "http.public.access_logs/**"],
  ({ cdn, http }, report) => {
    const given = { cdn, "http.public.access_logs": http?.public?.access_logs };
    for (const [path, value] of Object.entries(given)) {
      if (typeof value !== "object" || Object.keys(value).length > 0) continue;
      const key = path.split(".").at(-1) ?? path;
      report(path, `this holds no setting of \`${key}\``, { hint: `write \`${key}: true\` or \`${key}: false\`` });
    }
  },
);

export const restrictedToCdn = environmentRule("environment/cdn", ["cdn/**", "http.public"], (manifest, report) => {
  if (!restrictsToCdn(manifest) || hasCdn(manifest)) return;
  const path =
    manifest.http?.public?.ingress?.cdn === true
      ? "http.public.ingress.cdn"
      : "http.public.security_groups.ingress.restrict_to.cdn";
  report(path, "nobody could reach the load balancer: the environment has no CDN", { hint: "add `cdn: true`" });
});

export const ingressForms = environmentRule("environment/ingress", ["http/**"], ({ http }, report) => {
  for (const loadBalancer of ["public", "private"] as const) {
    const { ingress, security_groups: groups } = http?.[loadBalancer] ?? {};
    const old = groups?.ingress;
    const at = `http.${loadBalancer}.security_groups.ingress`;
    if (loadBalancer === "public" && old?.from_vpc !== undefined)
      report(`${at}.from_vpc`, "the public load balancer does not have `from_vpc`", {
        hint: "write `http.private.ingress: { vpc: true }`",
      });
    else if (loadBalancer === "private" && old?.restrict_to !== undefined)
      report(`${at}.restrict_to`, "the internal load balancer does not have `restrict_to`", {
        hint: "only `http.public` can be restricted: write `http.public.ingress`",
      });
    else if (
      old !== undefined &&
      ingress !== undefined &&
      Object.keys(old).length > 0 &&
      Object.keys(ingress).length > 0
    )
      report(at, `\`http.${loadBalancer}\` says twice who may reach it`, {
        hint: "keep `ingress`; `security_groups.ingress` is its older form",
      });
  }
});

export const ingressNoEffect = environmentRule("environment/no-effect", ["http/**"], ({ http }, report) => {
  if (http?.public?.security_groups?.ingress?.restrict_to?.source_ips !== undefined)
    report("http.public.security_groups.ingress.restrict_to.source_ips", "`source_ips` has no effect here", {
      hint: "write `http.public.ingress: { source_ips: […] }`",
      severity: "warning",
    });
});

/** What Copilot's own `env init --internal-alb-allow-vpc-ingress` writes, and its deployment then does not read. */
export const ingressFromVpc = environmentRule("environment/ingress", ["http.private"], ({ http }, report) => {
  if (http?.private?.ingress?.from_vpc === undefined) return;
  report("http.private.ingress.from_vpc", "`from_vpc` counts as `vpc` here; Copilot did not read it", {
    hint: `write \`vpc: ${String(http.private.ingress.from_vpc)}\``,
    severity: "warning",
  });
});

export const internalSubnets = environmentRule(
  "environment/internal-subnets",
  ["http.private.subnets/**", "network/**"],
  (manifest, report) => {
    const chosen = manifest.http?.private?.subnets ?? [];
    if (chosen.length === 0) return;
    if (networkKind(manifest) !== "imported")
      return report("http.private.subnets", "subnets can be chosen only in a VPC that exists", {
        hint: "add `network.vpc.id` and its `subnets`, or leave `http.private.subnets` out",
      });
    const known = new Set(tiers.flatMap((tier) => subnetsOf(manifest, tier).flatMap(({ id }) => id ?? [])));
    for (const [i, id] of chosen.entries()) {
      if (id === undefined || known.has(id)) continue;
      report(["http", "private", "subnets", i], `${quoted(id)} is none of the subnets under \`network.vpc\``, {
        hint: "add it there, or choose one that is",
      });
    }
  },
);
