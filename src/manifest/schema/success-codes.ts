import { quoted } from "../words.ts";
import { checkedText, withFacts } from "./fields.ts";

/** What a target group's matcher takes: codes and ranges, such as `200,301-302`. Which codes depends on the protocol. */
export const successCodes = () =>
  withFacts(
    checkedText((value) =>
      parseCodes(value)
        ? undefined
        : {
            message: `must be status codes, not ${quoted(value)}`,
            hint: "write one code, a list or a range: `200`, `200,301` or `200-299`",
          },
    ),
    { looks: { pattern: String.raw`^[\d\s,-]+$`, numbers: { minimum: 0, maximum: 999 } } },
  );

/** The least and the greatest code of each part; undefined when it is no list of codes. */
export function parseCodes(text: string): { from: number; to: number }[] | undefined {
  const parts = text.split(",").map((part) => {
    const [, from, to = from] = /^\s*(\d{1,3})(?:-(\d{1,3}))?\s*$/.exec(part) ?? [];
    return from === undefined || Number(from) > Number(to) ? undefined : { from: Number(from), to: Number(to) };
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}
