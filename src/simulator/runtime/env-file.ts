/** Reads an environment file as the ECS agent does: `NAME=VALUE` lines, `#` only at the start of a line, spaces and quotes
 *  as they stand; a line without a name or without a value sets nothing; of two lines for one name the last counts. */
export function parseEnvFile(content: string): Record<string, string> {
  const variables: [string, string][] = [];
  for (const line of content.split(/\r?\n/)) {
    const equals = line.indexOf("=");
    if (line.startsWith("#") || equals < 1 || equals === line.length - 1) continue;
    variables.push([line.slice(0, equals), line.slice(equals + 1)]);
  }
  return Object.fromEntries(variables);
}
