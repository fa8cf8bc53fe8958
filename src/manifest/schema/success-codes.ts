import { quoted } from "../words.ts";
import { text } from "./fields.ts";

/** What a target group's matcher takes for HTTP: codes and ranges between 200 and 499, such as `200,301-302`. */
export const successCodes = () =>
  text().check(({ value, issues }) => {
    const good = value.split(",").every((part) => {
      const [, from, to = from] = /^\s*(\d{3})(?:-(\d{3}))?\s*$/.exec(part) ?? [];
      return from !== undefined && to !== undefined && Number(from) >= 200 && Number(to) <= 499 && from <= to;
    });
    if (good) return;
    issues.push({
      code: "custom",
      input: value,
      message: `must be HTTP status codes between 200 and 499, not ${quoted(value)}`,
      params: { hint: "write one code, a list or a range: `200`, `200,301` or `200-299`" },
    });
  });
