import * as z from "zod";
import { environment, secrets } from "./environment.ts";
import { filledText, flag, mapOf, text } from "./fields.ts";
import { logRetention } from "./log-retention.ts";

/** All but `retention` is about FireLens, which routes the main container's logs. */
export const logging = () =>
  z.object({
    retention: logRetention().optional(),
    image: filledText().optional(),
    destination: mapOf(text()).optional(),
    enableMetadata: flag().optional(),
    secretOptions: secrets().optional(),
    configFilePath: filledText().optional(),
    ...environment(),
  });
