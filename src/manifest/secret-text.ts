/** The name or ARN that the text of a secret stands for. Copilot writes the text into its template as it is, so quotes
 *  around it are YAML's there: `"'arn:aws:secretsmanager:…:secret:db:password::'"` is how its users write an ARN that ends
 *  with colons. */
export function secretText(text: string): string {
  const [, , inside] = /^(['"])(.+)\1$/s.exec(text) ?? [];
  return inside ?? text;
}
