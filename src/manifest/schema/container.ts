import * as z from "zod";
import { shellWords } from "../shell-words.ts";
import { quoted } from "../words.ts";
import {
  checkedText,
  duration,
  either,
  filledText,
  flag,
  list,
  mapOf,
  text,
  whole,
  withFacts,
  word,
} from "./fields.ts";

/** What every container may say, the main one and sidecars. */

export const dependsOn = () => mapOf(word(["start", "healthy", "complete", "success"], { anyCase: true }));

export const labels = () => mapOf(text());

/** One line that is split as a shell splits it, or the words themselves. */
const commandLine = () =>
  either(
    checkedText((value) =>
      shellWords(value)
        ? undefined
        : { message: `has a quote or a backslash without its end: ${quoted(value)}`, hint: "or write a list of words" },
    ),
    list(text()),
  );

export const commands = () => ({ entrypoint: commandLine().optional(), command: commandLine().optional() });

/** The ranges are those of ECS's HealthCheck. */
export const containerHealthCheck = () =>
  z.object({
    command: withFacts(list(text()), {
      whenMissing: 'write `["CMD-SHELL", "curl -f http://localhost/ || exit 1"]`',
    }).optional(),
    interval: duration({ min: 5, max: 300 }).optional(),
    retries: whole({ min: 1, max: 10 }).optional(),
    timeout: duration({ min: 2, max: 60 }).optional(),
    start_period: duration({ min: 0, max: 300 }).optional(),
  });

const path = () =>
  checkedText((value) => {
    if (value === "") return { message: "must not be empty" };
    return /^[A-Za-z0-9._/-]+$/.test(value)
      ? undefined
      : { message: `may hold letters, digits and . - _ / only, not ${quoted(value)}` };
  });

/** The folder of a file system that a volume begins at; empty is its root. */
export const rootFolder = () =>
  checkedText((value) =>
    /^[A-Za-z0-9._/-]*$/.test(value)
      ? undefined
      : { message: `may hold letters, digits and . - _ / only, not ${quoted(value)}` },
  );

/** Where in a container a volume appears. */
export const mountPath = () =>
  withFacts(path(), { whenMissing: "say where in the container the volume appears: `path: /data`" });

export const mountPoints = () =>
  list(
    z.object({
      source_volume: withFacts(filledText(), { whenMissing: "name a volume of `storage.volumes`" }),
      path: mountPath(),
      read_only: flag().optional(),
    }),
  );
