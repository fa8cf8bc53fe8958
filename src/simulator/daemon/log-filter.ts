/** Whether a line holds the terms of a filter pattern, as CloudWatch Logs has them for plain text: all of them; a term in
 *  quotes may hold blanks; one with `-` before it must not be there; of those with `?` one is enough, and they count
 *  only when all terms have it. Letters count as they are written. */
export function logFilter(pattern: string): (message: string) => boolean {
  const terms = [...pattern.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, plain]) => ({
    sign,
    text: quoted?.replaceAll(/\\(.)/g, "$1") ?? plain ?? "",
  }));
  const all = terms.filter(({ sign }) => sign === "");
  const none = terms.filter(({ sign }) => sign === "-");
  const any = all.length + none.length === 0 ? terms : [];
  return (message) =>
    all.every(({ text }) => message.includes(text)) &&
    none.every(({ text }) => !message.includes(text)) &&
    (any.length === 0 || any.some(({ text }) => message.includes(text)));
}
