import * as z from "zod";
import { quoted } from "../words.ts";
import { secrets, variables } from "./environment.ts";
import { checkedText, duration, either, filledText, flag, mapOf, text, whole, withFacts } from "./fields.ts";
import { imageFacts, imageSource, port } from "./image.ts";
import { subnets } from "./network.ts";
import { platform } from "./platform.ts";
import { publish } from "./publish.ts";
import { observability, workloadSchema } from "./workload.ts";

const thresholds = { min: 1, max: 20 };
const seconds = { min: 1, max: 20 };

/** What App Runner asks the program to see whether it is well; the ranges are those of its HealthCheckConfiguration. */
const healthCheck = () =>
  either(
    filledText(),
    z.object({
      path: filledText().optional(),
      healthy_threshold: whole(thresholds).optional(),
      unhealthy_threshold: whole(thresholds).optional(),
      interval: duration(seconds).optional(),
      timeout: duration(seconds).optional(),
    }),
  );

const http = () =>
  z.object({
    healthcheck: healthCheck().optional(),
    alias: filledText().optional(),
    private: either(
      flag(),
      z.object({
        endpoint: withFacts(filledText(), {
          whenMissing: "write `private: true`, or name the endpoint: `endpoint: vpce-0123456789abcdef0`",
        }),
      }),
    ).optional(),
  });

/** The name of one of App Runner's autoscaling configurations, with or without its revision. */
const autoScalingConfiguration = () =>
  withFacts(filledText(), { noun: "the name of an autoscaling configuration such as high-availability/3" });

/** A connector into the environment's private subnets, or into others. */
const placement = () =>
  either(
    withFacts(
      checkedText((value) => {
        if (value === "private") return undefined;
        const message = `must be private, not ${quoted(value)}`;
        return value === "public"
          ? { message, hint: "without `placement`, App Runner reaches the internet" }
          : { message };
      }, "private"),
      { looks: { values: ["private"] } },
    ),
    z.object({ subnets: subnets() }),
  );

/** What runs on App Runner: one container, behind a URL of its own. */
export const requestDrivenWebService = () =>
  workloadSchema("Request-Driven Web Service", {
    image: withFacts(z.object({ ...imageSource(), port: port() }), {
      ...imageFacts,
      whenMissing: "say where the image comes from: `image: { build: Dockerfile, port: 8080 }`",
    }),
    http: http().optional(),
    cpu: whole({ min: 1 }).optional(),
    memory: whole({ min: 1 }).optional(),
    platform: platform().optional(),
    count: autoScalingConfiguration().optional(),
    network: z.object({ vpc: z.object({ placement: placement().optional() }).optional() }).optional(),
    observability: observability().optional(),
    command: filledText().optional(),
    variables: variables().optional(),
    secrets: secrets().optional(),
    publish: publish().optional(),
    tags: mapOf(text()).optional(),
  });
