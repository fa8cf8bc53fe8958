import * as z from "zod";
import { containerHealthCheck, dependsOn, labels } from "./container.ts";
import { quoted } from "../words.ts";
import { checkedText, either, filledText, lazily, list, mapOf, text, whole, withFacts } from "./fields.ts";

const build = () =>
  either(
    filledText(),
    z.object({
      dockerfile: filledText().optional(),
      context: filledText().optional(),
      args: mapOf(text()).optional(),
      target: filledText().optional(),
      cache_from: list(filledText()).optional(),
    }),
  );

/** Where an image comes from. */
export const imageSource = () => ({ build: lazily(build).optional(), location: imageName().optional() });

/** What `docker pull` takes. */
export const imageName = () =>
  checkedText((value) => {
    if (value === "") return { message: "must not be empty" };
    if (/\s/.test(value)) return { message: `must be the name of an image, and ${quoted(value)} has a blank in it` };
    if (/^\w+:\/\//.test(value))
      return {
        message: `must be the name of an image, not an address: ${quoted(value)}`,
        hint: `leave out \`${value.split("//")[0]}//\``,
      };
    if (!/[A-Z]/.test(repositoryOf(value))) return undefined;
    return {
      message: `must be the name of an image, and such a name has no upper-case letters: ${quoted(value)}`,
      ...(/dockerfile/i.test(value) && { hint: `an image is built with \`build: ${value}\`` }),
    };
  });

/** An image's name without registry, tag and digest; nothing of what is not known yet. */
function repositoryOf(image: string): string {
  const [first = "", ...rest] = image
    .replaceAll(/\$\{\w*\}/g, "")
    .replace(/@.*$/s, "")
    .split("/");
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost" || first === "");
  return (isRegistry ? rest : [first, ...rest]).join("/").replace(/:[^/]*$/, "");
}

/** An overlay that names one of the two takes the other away. */
export const sourceAlternatives = [["build"], ["location"]];

export const port = () =>
  withFacts(whole({ min: 1, max: 65535 }), { whenMissing: "give the port that the program listens on: `port: 8080`" });

const own = () => ({
  ...imageSource(),
  credentials: filledText().optional(),
  labels: labels().optional(),
  depends_on: dependsOn().optional(),
  healthcheck: lazily(containerHealthCheck).optional(),
});

/** What an image says of itself, whatever its type of workload. */
export const imageFacts = {
  alternatives: sourceAlternatives,
  whenMissing: "say where the image comes from: `image: { build: Dockerfile }` or `image: { location: nginx }`",
};

/** Of a program that nobody calls. */
export const imageWithoutPort = () => withFacts(z.object(own()), imageFacts);

export const image = () => withFacts(z.object({ ...own(), port: port().optional() }), imageFacts);

export const imageWithPort = () => withFacts(z.object({ ...own(), port: port() }), imageFacts);
