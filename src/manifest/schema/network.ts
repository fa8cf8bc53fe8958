import * as z from "zod";
import { quoted } from "../words.ts";
import { checkedText, either, filledText, flag, fromExport, list, mapOf, withFacts, word } from "./fields.ts";

const alias = () =>
  checkedText((value) => {
    const good =
      value.length <= 127 && value.split(".").every((label) => /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/.test(label));
    return good ? undefined : { message: `must be a name in lower case such as api or api.shop, not ${quoted(value)}` };
  });

/** Subnets by their ids or tags. */
export const subnets = () =>
  withFacts(either(list(filledText()), z.object({ from_tags: mapOf(either(filledText(), list(filledText()))) })), {
    whenMissing: "name the subnets: `subnets: [subnet-0123456789abcdef0]`",
  });

export const placement = () => either(word(["public", "private"]), z.object({ subnets: subnets() }));

export const groups = () => list(either(filledText(), fromExport()));

export const network = () =>
  z.object({
    connect: either(
      flag(),
      z.object({ alias: withFacts(alias(), { whenMissing: "give the name that others call: `alias: api`" }) }),
    ).optional(),
    vpc: z
      .object({
        placement: placement().optional(),
        security_groups: either(
          groups(),
          z.object({ deny_default: flag().optional(), groups: groups().optional() }),
        ).optional(),
      })
      .optional(),
  });
