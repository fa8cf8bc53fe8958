import { dockerfileInstructions } from "./instructions.ts";
import { substitute } from "./substitute.ts";

interface Stage {
  /** Of ENV: they win over ARG and are handed down to stages that start from this one. */
  environment: Map<string, string>;
  arguments: Map<string, string>;
  ports: number[];
}

/** The TCP ports that the image of a Dockerfile's last stage exposes, in the order of the file. What the base image
 *  exposes is not known here. */
export function exposedPorts(dockerfile: string): number[] {
  const global = new Map<string, string>();
  const named = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const { name, rest } of dockerfileInstructions(dockerfile)) {
    if (name === "FROM") {
      const [base = "", as, alias] = rest.split(/\s+/).filter((word) => !word.startsWith("--"));
      stage = stageFrom(named.get(base.toLowerCase()));
      if (as?.toUpperCase() === "AS" && alias) named.set(alias.toLowerCase(), stage);
    } else if (name === "ARG") {
      for (const [key, value] of assignments(rest, stage, global)) {
        if (stage) stage.arguments.set(key, value ?? global.get(key) ?? "");
        else global.set(key, value ?? "");
      }
    } else if (name === "ENV" && stage) {
      for (const [key, value] of assignments(rest, stage, global)) stage.environment.set(key, value ?? "");
    } else if (name === "EXPOSE" && stage) {
      stage.ports.push(...tcpPorts(substitute(rest, valueIn(stage, global))));
    }
  }
  return [...new Set(stage?.ports)];
}

function stageFrom(base: Stage | undefined): Stage {
  return { environment: new Map(base?.environment), arguments: new Map(), ports: [...(base?.ports ?? [])] };
}

/** A stage sees its own ENV and ARG; before the first stage there are the global ARGs. */
function valueIn(stage: Stage | undefined, global: Map<string, string>): (name: string) => string | undefined {
  return (name) => (stage ? (stage.environment.get(name) ?? stage.arguments.get(name)) : global.get(name));
}

/** `A=1 B="x y"`, or the old form `A value with spaces`; a bare `A` has no value. */
function assignments(
  rest: string,
  stage: Stage | undefined,
  global: Map<string, string>,
): [key: string, value: string | undefined][] {
  const resolved = (text: string) => substitute(text.replace(/^(["'])(.*)\1$/s, "$2"), valueIn(stage, global));
  const [, oldKey, oldValue] = /^(\w+)\s+([^=]*)$/s.exec(rest) ?? [];
  if (oldKey !== undefined && oldValue !== undefined) return [[oldKey, resolved(oldValue.trim())]];
  const words = rest.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'])+/gs) ?? [];
  return words.map((word) => {
    const [key = "", ...value] = word.split("=");
    return [key, value.length === 0 ? undefined : resolved(value.join("="))];
  });
}

/** The ports of `80 443/tcp 53/udp 8000-8003`; what is no TCP port is left out. */
function tcpPorts(words: string): number[] {
  return words.split(/\s+/).flatMap((word) => {
    const [, from, to = from, protocol = "tcp"] = /^["']?(\d+)(?:-(\d+))?(?:\/(\w+))?["']?$/.exec(word) ?? [];
    const first = Number(from);
    const last = Number(to);
    if (protocol.toLowerCase() !== "tcp" || !(first >= 1 && last <= 65_535)) return [];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}
