/** A line that GitHub Actions takes as a command instead of output. Source: "Workflow commands for GitHub Actions"; the
 *  characters that end a property or a line are written as the runner reads them back.
 *  @param name `error`, `warning`, `group`, `endgroup` */
export function workflowCommand(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>> = {},
  message = "",
): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined && value !== "");
  const shown = given.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(",");
  return `::${name}${shown === "" ? "" : ` ${shown}`}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
