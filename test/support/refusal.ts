import { UserError } from "../../src/errors.ts";

/** How a call was refused, as lines to snapshot: code, place, message, details and hint. Folders given are named
 *  instead of spelled out. Anything but a refusal fails the test. */
export async function refusal(call: Promise<unknown>, names: Record<string, string> = {}): Promise<string> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error ?? new Error("the call was not refused");
  const place = error.place && [error.place.file, error.place.line, error.place.column].filter(Boolean).join(":");
  const lines = [
    `${error.code}: ${place ? `${place}  ` : ""}${error.message}`,
    ...error.details.map((line) => `  | ${line}`),
    ...(error.hint ? [`  ${error.hint}`] : []),
  ];
  return Object.entries(names).reduce((text, [path, name]) => text.replaceAll(path, name), lines.join("\n"));
}
