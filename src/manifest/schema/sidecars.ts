import * as z from "zod";
import { parsePortMapping } from "../port-mapping.ts";
import { quoted } from "../words.ts";
import { commands, containerHealthCheck, dependsOn, labels, mountPoints } from "./container.ts";
import { environment } from "./environment.ts";
import { checkedText, either, filledText, flag, mapOf, withFacts } from "./fields.ts";
import { imageName, imageSource, sourceAlternatives } from "./image.ts";

const port = () =>
  withFacts(
    checkedText((value) =>
      ["tcp", "udp"].includes(parsePortMapping(value)?.protocol ?? "")
        ? undefined
        : { message: `must be a port such as 9000, 9000/tcp or 9000/udp, not ${quoted(value)}` },
    ),
    { looks: { pattern: String.raw`^\d+(/([tT][cC][pP]|[uU][dD][pP]))?$`, numbers: { minimum: 1, maximum: 65535 } } },
  );

const whenMissing = "name the image: `image: envoyproxy/envoy:v1.31.0`, or `image: { build: Dockerfile }`";

/** Further containers of each task, by name. */
export const sidecars = () =>
  mapOf(
    z.object({
      image: withFacts(either(imageName(), withFacts(z.object(imageSource()), { alternatives: sourceAlternatives })), {
        whenMissing,
      }),
      port: port().optional(),
      essential: flag().optional(),
      credentialsParameter: filledText().optional(),
      ...environment(),
      ...commands(),
      labels: labels().optional(),
      depends_on: dependsOn().optional(),
      healthcheck: containerHealthCheck().optional(),
      mount_points: mountPoints().optional(),
    }),
  );
