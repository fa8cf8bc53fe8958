import { chmodSync } from "node:fs";
import Database from "libsql";
import { UserError } from "../../errors.ts";
import { type Effect, effectId } from "../engine/effects.ts";
import type { Service, SimulatorState, Task } from "../engine/state.ts";
import type { ValueTable } from "../neighbours/value-table.ts";
import { valueRows, valueRowsSchema } from "./value-rows.ts";

const schemaVersion = 1;
/** So much can be written when the disk is full, to the log and then to the table, in bytes. */
const reserve = 1.25 * 2 ** 20;
/** The log is taken over into the tables after so many pages of 4 KiB, before it grows beyond the reserve. */
const checkpointPages = 256;

/** The simulator's memory: state rows, the journal of effects that are not done yet, and settings, in one SQLite file
 *  that only one process can open at a time. */
export class Store {
  readonly #db: Database.Database;
  /** Secrets, parameters, exports and objects, encrypted. */
  readonly values: ValueTable;

  /** @throws UserError simulator/busy when another process has it open, simulator/home when it cannot be read */
  constructor(file: string) {
    try {
      this.#db = new Database(file);
      this.#db.exec("PRAGMA busy_timeout=0; PRAGMA locking_mode=EXCLUSIVE");
      this.#db.prepare("PRAGMA journal_mode=WAL").get();
      this.#db.exec(`PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=${checkpointPages}; BEGIN EXCLUSIVE; COMMIT`);
      chmodSync(file, 0o600);
      this.#migrate();
      this.#reserve();
    } catch (error) {
      throw openFailure(file, error);
    }
    this.values = valueRows(this.#db, (work) => this.#inTransaction(work));
  }

  /** What was committed last. */
  load(): { services: Record<string, Service>; tasks: Record<string, Task>; journal: Effect[] } {
    const services: Record<string, Service> = {};
    const tasks: Record<string, Task> = {};
    for (const row of this.#db.prepare("SELECT kind, id, json FROM state").all() as StateRow[]) {
      if (row.kind === "service") services[row.id] = JSON.parse(row.json) as Service;
      else tasks[row.id] = JSON.parse(row.json) as Task;
    }
    const rows = this.#db.prepare("SELECT json FROM journal ORDER BY seq").all() as { json: string }[];
    return { services, tasks, journal: rows.map((row) => JSON.parse(row.json) as Effect) };
  }

  hasLiveTasks(): boolean {
    return Object.values(this.load().tasks).some(({ lastStatus }) => lastStatus !== "STOPPED");
  }

  /** Writes what changed between two states together with the effects of the step, or nothing. The effect whose answer
   *  made this step is ticked off in the same transaction. @throws UserError simulator/disk-full */
  commit(before: SimulatorState, after: SimulatorState, effects: readonly Effect[], done?: Effect): void {
    const rows = [
      ...changed("service", before.services, after.services),
      ...changed("task", before.tasks, after.tasks),
    ];
    if (rows.length === 0 && effects.length === 0 && done === undefined) return;
    this.#inTransaction(() => {
      for (const { kind, id, value } of rows) {
        if (value === undefined) this.#db.prepare("DELETE FROM state WHERE kind = ? AND id = ?").run(kind, id);
        else
          this.#db
            .prepare("INSERT OR REPLACE INTO state (kind, id, json) VALUES (?, ?, ?)")
            .run(kind, id, JSON.stringify(value));
      }
      if (done !== undefined) this.#db.prepare("DELETE FROM journal WHERE id = ?").run(effectId(done));
      const add = this.#db.prepare("INSERT OR IGNORE INTO journal (id, json) VALUES (?, ?)");
      for (const effect of effects) add.run(effectId(effect), JSON.stringify(effect));
    });
  }

  setting(key: string): string | undefined {
    const row = this.#db.prepare("SELECT value FROM settings WHERE key = ?").get(key) as { value: string } | undefined;
    return row?.value;
  }

  /** Writes nothing when it is so already: a daemon also starts on a full disk. @throws UserError simulator/disk-full */
  set(key: string, value: string | undefined): void {
    if (this.setting(key) === value) return;
    this.#inTransaction(() => {
      if (value === undefined) this.#db.prepare("DELETE FROM settings WHERE key = ?").run(key);
      else this.#db.prepare("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)").run(key, value);
    });
  }

  /** Forgets the settings whose keys begin with this. */
  unsetAll(prefix: string): void {
    this.#db.prepare("DELETE FROM settings WHERE substr(key, 1, ?) = ?").run(prefix.length, prefix);
  }

  close(): void {
    this.#db.close();
  }

  #inTransaction(work: () => void): void {
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      try {
        this.#db.exec("ROLLBACK");
      } catch {
        // The failed statement has rolled back already.
      }
      throw isDiskFull(error) ? diskFull(error) : error;
    }
  }

  /** Makes the files as large as they need to be for the steps that end what runs and keep the load balancer true: a disk
   *  that is full later has room for them. On one that is full already there is nothing to reserve. */
  #reserve(): void {
    try {
      this.#inTransaction(() => {
        this.#db.exec("CREATE TABLE reserve (bytes BLOB)");
        this.#db.prepare("INSERT INTO reserve VALUES (zeroblob(?))").run(reserve);
      });
      this.#db.prepare("PRAGMA wal_checkpoint(FULL)").get();
      this.#db.exec("DROP TABLE reserve");
    } catch (error) {
      if (!isDiskFull(error) && !(error instanceof UserError)) throw error;
    }
  }

  #migrate(): void {
    this.#db.exec(`
      DROP TABLE IF EXISTS reserve;
      CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS state (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id));
      CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
      ${valueRowsSchema}
    `);
    const found = Number(this.setting("schema") ?? schemaVersion);
    if (found > schemaVersion) throw new Error(`it was written by a newer pilotfish (schema ${found})`);
    this.set("schema", String(schemaVersion));
  }
}

interface StateRow {
  kind: "service" | "task";
  id: string;
  json: string;
}

function changed<T>(kind: StateRow["kind"], before: Record<string, T>, after: Record<string, T>) {
  if (before === after) return [];
  const rows: { kind: StateRow["kind"]; id: string; value: T | undefined }[] = [];
  for (const [id, value] of Object.entries(after)) if (before[id] !== value) rows.push({ kind, id, value });
  for (const id of Object.keys(before)) if (after[id] === undefined) rows.push({ kind, id, value: undefined });
  return rows;
}

function isDiskFull(error: unknown): boolean {
  return /full|disk I\/O/i.test((error as Error).message);
}

function diskFull(cause: unknown): UserError {
  return new UserError("simulator/disk-full", "the disk with the simulator's state is full", {
    hint: "free some space; nothing is lost",
    cause,
  });
}

function openFailure(file: string, error: unknown): UserError {
  if (isDiskFull(error)) return diskFull(error);
  const { code, message } = error as { code?: string; message: string };
  if (code === "SQLITE_BUSY" || /locked/.test(message))
    return new UserError("simulator/busy", "another simulator daemon uses this state folder", { cause: error });
  return new UserError("simulator/home", `the simulator's state in ${file} cannot be used: ${message}`, {
    hint: "pilotfish local reset    (forgets all simulated services)",
    cause: error,
  });
}
