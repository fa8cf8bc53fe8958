import type { ScanEvent } from "../../actions/read-scans.ts";
import { imageLabel } from "./words.ts";

const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"] as const;

/** `image of api: scan: 2 critical, 1 low`, and how to see them where there is something to see. */
export function scanLines(event: ScanEvent): string[] {
  const { scan, command } = event;
  const head = `image of ${imageLabel(event)}: scan: `;
  const look = command === undefined ? [] : [`  ${command}`];
  switch (scan.status) {
    case "complete": {
      const counts = severities.flatMap((severity) => {
        const count = scan.findings[severity] ?? 0;
        return count === 0 ? [] : [`${count} ${severity.toLowerCase()}`];
      });
      return counts.length === 0 ? [`${head}no findings`] : [`${head}${counts.join(", ")}`, ...look];
    }
    case "off":
      return [`${head}skipped, the repository does not scan what is pushed`];
    case "pending":
      return [`${head}not done yet`, ...look];
    case "failed":
      return [`${head}not known${scan.reason === undefined ? "" : `: ${scan.reason}`}`, ...look];
  }
}
