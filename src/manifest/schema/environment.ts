import * as z from "zod";
import { checkedText, either, filledText, fromExport, lazily, mapOf, text, withFacts } from "./fields.ts";

/** What a container finds in its environment. */

export const variables = () =>
  withFacts(mapOf(withFacts(either(text(), fromExport()), { emptyIsText: true })), {
    whenMissing: "write `NAME: value`, a line each",
  });

/** A parameter's name or ARN, a secret of Secrets Manager, or the export that holds either's ARN. */
export const secrets = () =>
  withFacts(
    mapOf(
      withFacts(
        either(
          filledText(),
          withFacts(z.object({ secretsmanager: filledText().optional(), from_cfn: filledText().optional() }), {
            alternatives: [["secretsmanager"], ["from_cfn"]],
          }),
        ),
        // An overlay may say where it is; without one, the rule `secrets/source` finds it.
        { emptyIsText: true },
      ),
    ),
    { whenMissing: "write `NAME: /name/of/the/parameter`, a line each" },
  );

const envFile = () =>
  withFacts(
    checkedText((value) =>
      value.endsWith(".env")
        ? undefined
        : { message: "must name a file that ends in .env", hint: "ECS takes environment files with this ending only" },
    ),
    { looks: { pattern: String.raw`\.env$` } },
  );

export const environment = () => ({
  variables: lazily(variables).optional(),
  secrets: lazily(secrets).optional(),
  env_file: envFile().optional(),
});
