import { readdirSync, readFileSync } from "node:fs";

/** Reads the arguments of every process of this machine again and again, as `ps` would show them.
 *  @returns ends that, and answers the command lines that held the text and how often was looked */
export function watchCommandLines(text: string): () => { found: string[]; looks: number } {
  const found = new Set<string>();
  let looks = 0;
  const look = () => {
    looks++;
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const line = commandLine(pid);
      if (line.includes(text)) found.add(line);
    }
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    return { found: [...found], looks };
  };
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
