import * as z from "zod";
import { either, filledText, list, mapOf, text, whole, withFacts } from "./fields.ts";

const build = either(
  filledText(),
  z.object({
    dockerfile: filledText().optional(),
    context: filledText().optional(),
    args: mapOf(text()).optional(),
    target: filledText().optional(),
    cache_from: list(filledText()).optional(),
  }),
);

const source = { build: build.optional(), location: filledText().optional() };

const port = () =>
  withFacts(whole({ min: 1, max: 65535 }), { whenMissing: "give the port that the program listens on: `port: 8080`" });

const alternatives = [["build"], ["location"]];
const whenMissing = "say where the image comes from: `image: { build: Dockerfile }` or `image: { location: nginx }`";

export const image = withFacts(z.object({ ...source, port: port().optional() }), { alternatives, whenMissing });

export const imageWithPort = withFacts(z.object({ ...source, port: port() }), { alternatives, whenMissing });
