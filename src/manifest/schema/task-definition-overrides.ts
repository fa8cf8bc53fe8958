import * as z from "zod";
import { quoted } from "../words.ts";
import { anything, checkedText, list, withFacts } from "./fields.ts";

const path = () =>
  checkedText((value) => {
    const bad = value
      .split(".")
      .find((segment) => segment.startsWith("__proto__") || !/^[A-Za-z0-9_-]+(\[(\d+|-)\])?$/.test(segment));
    if (bad !== undefined) {
      const hint = "such as `ContainerDefinitions[0].Ulimits[-].Name`; [-] adds an element";
      return {
        message: `has ${bad === "" ? "an empty part" : `the part ${quoted(bad)}`}, which is no property, property[0] or property[-]`,
        hint,
      };
    }
    if (/^([Ff]amily|[Cc]ontainerDefinitions\[(\d+|-)\]\.[Nn]ame)$/.test(value))
      return { message: `must not be ${quoted(value)}: other things are named after it` };
    return undefined;
  });

/** Changes to the rendered task definition, by CloudFormation's names. */
export const taskDefinitionOverrides = () =>
  list(
    z.object({
      path: withFacts(path(), { whenMissing: "say what to change: `path: ContainerDefinitions[0].StopTimeout`" }),
      value: withFacts(anything(), { whenMissing: "give the new value: `value: 60`" }),
    }),
  );
