import * as z from "zod";
import { either, withFacts, word } from "./fields.ts";

const platforms = [
  "linux/amd64",
  "linux/x86_64",
  "linux/arm",
  "linux/arm64",
  "windows/amd64",
  "windows/x86_64",
] as const;

const families = [
  "linux",
  "windows",
  "windows_server_2019_core",
  "windows_server_2019_full",
  "windows_server_2022_core",
  "windows_server_2022_full",
] as const;

/** Operating system and processor that tasks run on. */
export const platform = () =>
  either(
    word(platforms, { anyCase: true }),
    z.object({
      osfamily: withFacts(word(families, { anyCase: true }), { whenMissing: "add `osfamily: linux`" }),
      architecture: withFacts(word(["amd64", "x86_64", "arm", "arm64"], { anyCase: true }), {
        whenMissing: "add `architecture: x86_64`",
      }),
    }),
  );
