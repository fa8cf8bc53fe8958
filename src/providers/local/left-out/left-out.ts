import type { LeftOut } from "../../provider.ts";

export function leftOut(what: string, path: LeftOut["path"], message: string): LeftOut {
  return { code: `left-out/${what}`, message, path };
}
