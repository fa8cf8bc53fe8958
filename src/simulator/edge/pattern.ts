/** Whether a pattern of a listener rule matches: `*` is any run of characters, `?` exactly one, case counts.
 *  Linear in practice and never worse than pattern times text. */
export function matchesPattern(pattern: string, text: string): boolean {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern;
      resume = inText;
      inPattern += 1;
    } else if (wanted === "?" || (wanted !== undefined && wanted === text[inText])) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      resume += 1;
      inText = resume;
      inPattern = star + 1;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
}
