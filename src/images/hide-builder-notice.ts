/** Lets lines through but for the classic builder's notice that it is deprecated: its first line and the indented or
 *  empty ones below it. */
export function hideBuilderNotice(onLine: (line: string) => void): (line: string) => void {
  let inside = false;
  return (line) => {
    inside = line.startsWith("DEPRECATED: The legacy builder") || (inside && /^(\s|$)/.test(line));
    if (!inside) onLine(line);
  };
}
