import { quoted } from "../words.ts";
import { checkedText, withFacts } from "./fields.ts";

/** The ARN of a certificate; CloudFront takes those of one region only. */
export const certificate = ({ region }: { region?: string } = {}) =>
  withFacts(
    checkedText((value) => {
      const [arn, partition, service, place, account, ...rest] = value.split(":");
      if (arn !== "arn" || !partition || !service || account === undefined || rest.join(":") === "")
        return { message: `must be the ARN of a certificate, not ${quoted(value)}` };
      if (region === undefined || place === region) return undefined;
      return {
        message: `must be a certificate of the region ${region}, not of ${quoted(place ?? "")}`,
        hint: `CloudFront takes certificates of ${region} only: request it there, or import it there`,
      };
    }, "the ARN of a certificate"),
    { looks: { pattern: "^arn:" } },
  );
