/** Puts values in the place of `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`, as a builder does.
 *  `\$` stays a dollar sign; a name without a value is nothing. */
export function substitute(text: string, value: (name: string) => string | undefined): string {
  return text.replace(
    /\\\$|\$(?:(\w+)|\{(\w+)(?:(:[-+])([^}]*))?\})/g,
    (all, plain?: string, braced?: string, operator?: string, word = "") => {
      const name = plain ?? braced;
      if (name === undefined) return all.slice(1);
      const known = value(name) ?? "";
      if (operator === ":-") return known === "" ? word : known;
      if (operator === ":+") return known === "" ? "" : word;
      return known;
    },
  );
}
