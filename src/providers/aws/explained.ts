import { explain } from "./explain.ts";

/** The same object, whose failures of AWS's are explained: those of its functions, of what they promise, of generators, and
 *  of the objects with functions that it has or answers. Data is handed on as it is. */
export function explained<T extends object>(target: T): T {
  const known = new Map<unknown, unknown>();
  return new Proxy(target, {
    get(object, key, receiver) {
      const member: unknown = Reflect.get(object, key, receiver);
      if (typeof member !== "function" && !hasFunctions(member)) return member;
      if (!known.has(member)) known.set(member, wrap(member, object));
      return known.get(member);
    },
  });
}

function wrap(value: unknown, owner?: object): unknown {
  if (typeof value === "function")
    return (...args: unknown[]) => {
      try {
        return wrap(Reflect.apply(value, owner, args));
      } catch (error) {
        throw explain(error);
      }
    };
  if (value instanceof Promise)
    return value.then(wrap, (error: unknown) => {
      throw explain(error);
    });
  if (isGenerator(value)) return explainedGenerator(value);
  return hasFunctions(value) ? explained(value) : value;
}

function explainedGenerator(generator: AsyncGenerator): AsyncGenerator {
  const step = async (taken: Promise<IteratorResult<unknown>>) => {
    try {
      return await taken;
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    next: (value) => step(generator.next(value)),
    return: (value) => step(generator.return(value)),
    throw: (error) => step(generator.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await step(generator.return(undefined));
    },
  } as AsyncGenerator;
}

function isGenerator(value: unknown): value is AsyncGenerator {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value && "next" in value;
}

function hasFunctions(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const isOurs = Object.getPrototypeOf(value) === Object.prototype;
  return isOurs && Object.values(value).some((member) => typeof member === "function" || isGenerator(member));
}
