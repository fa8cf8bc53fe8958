import type { ReadManifest } from "./rules/rule.ts";

export interface Platform {
  /** In lower case. */
  family: string;
  isWindows: boolean;
  isArm: boolean;
}

/** What tasks run on; Linux on x86 unless the manifest says otherwise. */
export function platformOf({ platform }: Pick<ReadManifest, "platform">): Platform {
  const [family = "", architecture = ""] =
    typeof platform === "string" ? platform.split("/") : [platform?.osfamily, platform?.architecture];
  const lower = (family || "linux").toLowerCase();
  return { family: lower, isWindows: lower.startsWith("windows"), isArm: /^arm/i.test(architecture) };
}
