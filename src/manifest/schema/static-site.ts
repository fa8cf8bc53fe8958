import * as z from "zod";
import { checkedText, either, filledText, flag, list, text, withFacts } from "./fields.ts";
import { workloadSchema } from "./workload.ts";

/** Service and region of an ARN. */
const arn = /^arn:[^:]+:([^:]+):([^:]*):[^:]*:.+$/;

const certificate = () =>
  withFacts(
    checkedText((value) => {
      const [, service, region] = arn.exec(value) ?? [];
      const hint = "such as arn:aws:acm:us-east-1:123456789012:certificate/ID";
      if (service !== "acm") return { message: "must be the ARN of a certificate of ACM", hint };
      if (region !== "us-east-1")
        return { message: `must be a certificate in us-east-1, not in ${region}`, hint: "CloudFront takes no other" };
      return undefined;
    }, "the ARN of a certificate"),
    { looks: { pattern: "^arn:" } },
  );

/** Patterns of file names, as a shell has them. */
const patterns = () => either(text(), list(text()));

/** Files that CloudFront serves from a bucket. */
export const staticSite = () =>
  workloadSchema("Static Site", {
    http: z.object({ alias: filledText().optional(), certificate: certificate().optional() }).optional(),
    files: list(
      z.object({
        source: withFacts(filledText(), { whenMissing: "name a file or a folder: `source: public`" }),
        recursive: flag().optional(),
        destination: text().optional(),
        exclude: patterns().optional(),
        reinclude: patterns().optional(),
      }),
    ).optional(),
  });
