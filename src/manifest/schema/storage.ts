import * as z from "zod";
import { mountPath, rootFolder } from "./container.ts";
import { either, filledText, flag, fromExport, mapOf, whole, withFacts } from "./fields.ts";

const userOrGroup = () => whole({ min: 0, max: 4_294_967_295 });

/** `true`, `uid` and `gid` are about the file system that the environment manages; the other keys name one. */
const efs = () =>
  either(
    flag(),
    withFacts(
      z.object({
        id: either(filledText(), fromExport()).optional(),
        root_dir: rootFolder().optional(),
        auth: z.object({ iam: flag().optional(), access_point_id: filledText().optional() }).optional(),
        uid: userOrGroup().optional(),
        gid: userOrGroup().optional(),
      }),
      {
        alternatives: [
          ["id", "root_dir", "auth"],
          ["uid", "gid"],
        ],
      },
    ),
  );

export const storage = () =>
  z.object({
    ephemeral: whole({ min: 20, max: 200 }).optional(),
    readonly_fs: flag().optional(),
    volumes: mapOf(z.object({ path: mountPath(), read_only: flag().optional(), efs: efs().optional() })).optional(),
  });
