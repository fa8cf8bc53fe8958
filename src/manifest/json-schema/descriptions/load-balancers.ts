import { type Descriptions, under } from "../description.ts";

const alias: Descriptions = {
  "": {
    about: "The names that lead here: one, or a list of names and of maps with `name` and `hosted_zone`.",
    examples: ["www.example.com"],
  },
  name: "A name that leads here.",
  hosted_zone: "The id of the hosted zone that this name is written to. Without it: the application's own.",
};

const healthCheckNumbers = ({ good, bad, timeout }: { good: number; bad: number; timeout: string }): Descriptions => ({
  port: "The port to ask on. Without it: the one that the traffic goes to.",
  healthy_threshold: { about: "So many good answers in a row make a task healthy, 2 to 10.", default: good },
  unhealthy_threshold: { about: "So many bad answers in a row make a task unhealthy, 2 to 10.", default: bad },
  interval: { about: "The time between two checks, 5s to 300s.", default: "30s" },
  timeout: { about: "How long an answer may take, 2s to 120s.", default: timeout },
  grace_period: { about: "For so long after its start, a task is not stopped for bad answers.", default: "60s" },
});

const deregistrationDelay = {
  about: "For so long, a task that is to be stopped may finish what it has begun, 3600s at most.",
  default: "60s",
};

const rule: Descriptions = {
  path: {
    about: "Requests to this path and to all paths below it come here. `/` takes what nobody else takes.",
    examples: ["/"],
  },
  version: { about: "What is spoken with the containers.", default: "http1" },
  healthcheck: {
    about: "How the load balancer sees whether a task is well: the path that it asks for, or more about it.",
    default: "/",
  },
  "healthcheck.path": { about: "The path that it asks for.", default: "/" },
  "healthcheck.success_codes": {
    about: "Which answers are good: a code, a list or a range.",
    default: "200",
    examples: ["200", "200,301", "200-299"],
  },
  ...under("healthcheck", healthCheckNumbers({ good: 5, bad: 2, timeout: "5s" })),
  deregistration_delay: deregistrationDelay,
  target_container:
    "The container that requests go to: the service's name, or a sidecar's. Without it: the service's own.",
  target_port: "The port of the container that requests go to. Without it: the one that the container says.",
  stickiness: { about: "Whether a visitor comes back to the same task.", default: false },
  allowed_source_ips: {
    about: "Who may send requests: ranges of addresses. Without it: everybody.",
    examples: [["10.0.0.0/8"]],
  },
  ...under("alias", alias),
  hosted_zone: "The id of the hosted zone that the aliases are written to. Without it: the application's own.",
};

export const internalHttp: Descriptions = {
  "": "What the environment's internal load balancer sends to the service. Without it, none does.",
  ...rule,
  additional_rules: "Further paths, each with keys like those of `http`.",
  ...under("additional_rules", rule),
};

const publicRule: Descriptions = {
  ...rule,
  targetContainer: { about: "The older spelling of `target_container`.", deprecated: true },
  redirect_to_https: {
    about: "Whether requests without TLS are sent on to HTTPS, where there is an alias.",
    default: true,
  },
};

export const publicHttp: Descriptions = {
  "": "What the load balancer sends to the service. `false` switches it off for a service with `nlb`.",
  ...publicRule,
  alb: "A load balancer that exists, by its name or ARN, in the place of the environment's.",
  additional_rules: "Further paths, each with keys like those of `http`.",
  ...under("additional_rules", publicRule),
};

const listener: Descriptions = {
  port: {
    about: "The port that it listens on, with `/udp` or `/tls` where it is not TCP.",
    examples: [6000, "443/tls", "53/udp"],
  },
  healthcheck: "How the load balancer sees whether a task is well.",
  ...under("healthcheck", healthCheckNumbers({ good: 3, bad: 3, timeout: "10s" })),
  target_container: "The container that the traffic goes to. Without it: the service's own.",
  target_port:
    "The port of the container that the traffic goes to. Without it: the port that the load balancer listens on.",
  ssl_policy: {
    about: "Which versions and ciphers of TLS are spoken: a policy of Elastic Load Balancing.",
    default: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  },
  stickiness: { about: "Whether a client comes back to the same task. Not with TLS.", default: false },
  deregistration_delay: deregistrationDelay,
};

export const nlb: Descriptions = {
  "": "A network load balancer of the service's own.",
  ...listener,
  ...under("alias", {
    ...alias,
    hosted_zone: "Not for network load balancers: their names are written to the application's own zone.",
  }),
  additional_listeners: "Further ports, each with keys like those of `nlb`.",
  ...under("additional_listeners", listener),
};
