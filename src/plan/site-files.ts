import type { SiteFiles } from "./static-site-plan.ts";

/** A file of a site: where it lies, and where the site has it. Paths have `/` between folders. */
export interface MappedFile {
  /** From the workspace's root. */
  path: string;
  /** From the site's. */
  key: string;
}

/** Where the files of one entry go. Patterns are those of filters of the AWS CLI, as Copilot's documentation has it: for `*`
 *  folders are no bounds. They are compared with the path below the source; one that begins with the source, as Copilot's code
 *  wants it, with the whole path.
 *  @param found paths below the source; the empty one is the source itself */
export function mapFiles(
  { source, destination, exclude, reinclude }: SiteFiles,
  found: readonly string[],
): MappedFile[] {
  const root = joined(source);
  const excluded = exclude.map((each) => matcher(each, root));
  const taken = reinclude.map((each) => matcher(each, root));
  return found.flatMap((below) => {
    const path = joined(source, below);
    const name = below === "" ? (path.split("/").at(-1) ?? path) : below;
    const isOneOf = (patterns: readonly Matcher[]) => patterns.some((matches) => matches(name, path));
    if (isOneOf(excluded) && !isOneOf(taken)) return [];
    return [{ path, key: keyOf(path, destination, below) }];
  });
}

type Matcher = (name: string, path: string) => boolean;

function matcher(pattern: string, root: string): Matcher {
  const whole = pattern.replace(/^\.\//, "");
  const isWhole = whole === root || whole.startsWith(`${root}/`);
  const expression = patternOf(isWhole ? whole : pattern);
  const own = patternOf(pattern);
  return (name, path) => own.test(name) || (isWhole && expression.test(path));
}

/** A single file goes to its destination; without one, it is called as it is here. */
function keyOf(source: string, destination: string, below: string): string {
  const whole = joined(destination, below);
  return whole === "" ? (source.split("/").at(-1) ?? source) : whole;
}

function joined(...parts: string[]): string {
  const steps: string[] = [];
  for (const step of parts.flatMap((part) => part.split("/"))) {
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps.join("/");
}

/** `*`, `?`, `[sequence]`, `[!sequence]`; anything else is itself. */
function patternOf(pattern: string): RegExp {
  const source = pattern.replace(
    /\[(!?)([^\]]+)\]|[\s\S]/g,
    (part, not: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${not === "!" ? "^" : ""}${set.replace(/[\\^[\]]/g, "\\$&")}]`;
      if (part === "*") return "[\\s\\S]*";
      if (part === "?") return "[\\s\\S]";
      return part.replace(/[\\^$.|+()[\]{}/-]/g, "\\$&");
    },
  );
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // A sequence from a later to an earlier character holds none.
    return /^(?!)/;
  }
}

/** What a browser has to know of a file. Text is UTF-8, as almost all of it is. */
export function contentTypeOf(key: string): string {
  const extension = /\.([^./]+)$/.exec(key)?.[1]?.toLowerCase() ?? "";
  return (Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined) ?? "application/octet-stream";
}

/** Source: the IANA registry of media types, and RFC 9239 for JavaScript. */
const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  htm: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  webmanifest: "application/manifest+json",
  xml: "text/xml; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/vnd.microsoft.icon",
  pdf: "application/pdf",
  wasm: "application/wasm",
  woff: "font/woff",
  woff2: "font/woff2",
  ttf: "font/ttf",
  otf: "font/otf",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  mp4: "video/mp4",
  webm: "video/webm",
  zip: "application/zip",
  gz: "application/gzip",
};
