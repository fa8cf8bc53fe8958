/** `a=1,b=2` as Copilot reads it: with one `=` all behind it is the value; of several pairs each is a field between commas,
 *  in double quotes when it holds a comma. Undefined when a pair has no `=`. */
export function readPairs(text: string): Record<string, string> | undefined {
  const equals = text.split("=").length - 1;
  const fields = equals === 1 ? [text.replace(/^"+|"+$/g, "")] : csvFields(text);
  const pairs = fields?.map((field) => {
    const at = field.indexOf("=");
    return at < 1 ? undefined : ([field.slice(0, at), field.slice(at + 1)] as const);
  });
  if (pairs === undefined || pairs.includes(undefined)) return undefined;
  return Object.fromEntries(pairs.filter((pair) => pair !== undefined));
}

function csvFields(text: string): string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let end = 0; end <= text.length; end = field.lastIndex) {
    field.lastIndex = end;
    const found = field.exec(text);
    if (found === null) return undefined;
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] === "") return fields;
  }
  return fields;
}
