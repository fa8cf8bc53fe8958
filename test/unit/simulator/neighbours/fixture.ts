import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Store } from "../../../../src/simulator/daemon/store.ts";
import { ValueStore } from "../../../../src/simulator/neighbours/value-store.ts";

/** Values in a database and a key file of a test's own. */
export function valuesOnDisk() {
  const folder = mkdtempSync(join(tmpdir(), "pf-values-"));
  const state = new Store(join(folder, "state.db"));
  onTestFinished(() => {
    state.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let now = Date.parse("2026-01-02T03:04:05Z");
  const keyFile = join(folder, "values.key");
  const open = () => new ValueStore(state.values, keyFile, () => (now += 1000));
  return { folder, keyFile, state, store: open(), open };
}
