/** The name in a Host field as listener rules compare it: without its port, in lower case. */
export function hostName(field: string): string {
  const end = field.startsWith("[") ? field.indexOf("]") + 1 : field.lastIndexOf(":");
  return (end > 0 ? field.slice(0, end) : field).toLowerCase();
}
