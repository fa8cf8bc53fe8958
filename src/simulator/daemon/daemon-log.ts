/** One line in the daemon's log. A log that cannot be written, as on a full disk, stops nothing. */
export function logLine(text: string): void {
  try {
    process.stderr.write(`${new Date().toISOString()} ${text}\n`);
  } catch {
    // There is nowhere to say it.
  }
}
