import type { StaticSiteManifest } from "../manifest/load.ts";
import type { SiteFiles, StaticSitePlan } from "./static-site-plan.ts";

interface StaticSiteToPlan {
  /** Checked: it has no errors left. */
  manifest: StaticSiteManifest;
  app: string;
  env: string;
  /** The application's: with one, a site always has a name of its own. */
  domain?: string;
}

/** Everything there is to do for a Static Site in an environment, with Copilot's names and defaults. */
export function planStaticSite({ manifest, app, env, domain }: StaticSiteToPlan): StaticSitePlan {
  const { name, http = {}, files = [] } = manifest;
  const alias = http.alias ?? (domain === undefined ? undefined : `${name}.${env}.${app}.${domain}`);
  return {
    app,
    env,
    name,
    type: manifest.type,
    ...(alias !== undefined && { alias }),
    ...(http.certificate !== undefined && { certificate: http.certificate }),
    files: files.map(siteFiles),
  };
}

function siteFiles(given: NonNullable<StaticSiteManifest["files"]>[number]): SiteFiles {
  const { source, recursive = false, destination = ".", exclude = [], reinclude = [] } = given;
  return { source, recursive, destination, exclude: [exclude].flat(), reinclude: [reinclude].flat() };
}
