/** Whether an ALB path pattern matches: `*` is any run of characters, `?` exactly one, case counts.
 *  Linear in practice and never worse than pattern times path. */
export function matchesPath(pattern: string, path: string): boolean {
  let inPattern = 0;
  let inPath = 0;
  let star = -1;
  let resume = 0;
  while (inPath < path.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern;
      resume = inPath;
      inPattern += 1;
    } else if (wanted === "?" || (wanted !== undefined && wanted === path[inPath])) {
      inPattern += 1;
      inPath += 1;
    } else if (star >= 0) {
      resume += 1;
      inPath = resume;
      inPattern = star + 1;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
}
