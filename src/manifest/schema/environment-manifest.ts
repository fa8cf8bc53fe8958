import * as z from "zod";
import { environmentHttp } from "./environment-http.ts";
import { environmentNetwork } from "./environment-network.ts";
import { certificate } from "./certificate.ts";
import { either, filledText, flag, text, withFacts } from "./fields.ts";

const staticAssets = () =>
  z.object({
    alias: withFacts(filledText(), {
      whenMissing: "give the name that the files are reached by: `alias: example.com`",
    }),
    location: withFacts(filledText(), {
      whenMissing: "give the bucket's address: `location: assets.s3.us-west-2.amazonaws.com`",
    }),
    path: withFacts(filledText(), { whenMissing: "give the paths that lead to the files: `path: static/*`" }),
  });

const cdn = () =>
  either(
    flag(),
    z.object({
      certificate: certificate({ region: "us-east-1" }).optional(),
      terminate_tls: flag().optional(),
      static_assets: staticAssets().optional(),
    }),
  );

/** `copilot/environments/NAME/manifest.yml`. */
export const environmentManifest = () =>
  z.object({
    name: withFacts(text(), { whenMissing: "give the name of the folder: `name: test`" }),
    type: withFacts(z.literal("Environment"), { whenMissing: "write `type: Environment`" }),
    network: environmentNetwork().optional(),
    cdn: cdn().optional(),
    http: environmentHttp().optional(),
    observability: z.object({ container_insights: flag().optional() }).optional(),
  });
