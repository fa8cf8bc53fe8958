import { randomBytes } from "node:crypto";
import type { Store } from "./store.ts";

const setting = "cookie-key";

/** What the load balancers' cookies are made with; kept, so that clients stay with their tasks when the daemon changes. */
export function cookieKey(store: Pick<Store, "setting" | "set">): Buffer {
  const kept = Buffer.from(store.setting(setting) ?? "", "base64");
  if (kept.length === 32) return kept;
  const made = randomBytes(32);
  store.set(setting, made.toString("base64"));
  return made;
}
