import type Database from "libsql";
import type { SealedVersion, StoredKind, ValueTable } from "../neighbours/value-table.ts";

export const valueRowsSchema = `
  CREATE TABLE IF NOT EXISTS vault (kind TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL, version TEXT NOT NULL,
    stages TEXT NOT NULL, created INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (kind, name, place));
`;

interface Row {
  name: string;
  version: string;
  stages: string;
  created: number;
  sealed: Uint8Array;
}

/** The neighbours' values in the state's database. @param inTransaction does its work whole or not at all */
export function valueRows(db: Database.Database, inTransaction: (work: () => void) => void): ValueTable {
  const remove = (kind: StoredKind, name: string) =>
    db.prepare("DELETE FROM vault WHERE kind = ? AND name = ?").run(kind, name);
  return {
    read: (kind, name) =>
      (db.prepare("SELECT * FROM vault WHERE kind = ? AND name = ? ORDER BY place").all(kind, name) as Row[]).map(
        (row) => ({ ...factsOf(row), sealed: row.sealed }),
      ),
    list(kind) {
      const columns = "name, version, stages, created";
      const rows = db.prepare(`SELECT ${columns} FROM vault WHERE kind = ? ORDER BY name, place`).all(kind) as Row[];
      const found = new Map<string, Omit<SealedVersion, "sealed">[]>();
      for (const row of rows) found.set(row.name, [...(found.get(row.name) ?? []), factsOf(row)]);
      return [...found].map(([name, versions]) => ({ name, versions }));
    },
    write: (kind, name, versions) =>
      inTransaction(() => {
        remove(kind, name);
        const add = db.prepare(
          "INSERT INTO vault (kind, name, place, version, stages, created, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)",
        );
        for (const [place, { version, stages, createdAt, sealed }] of versions.entries())
          add.run(kind, name, place, version, JSON.stringify(stages), createdAt, Buffer.from(sealed));
      }),
    isEmpty: () => db.prepare("SELECT 1 FROM vault LIMIT 1").get() === undefined,
    clear: () => inTransaction(() => void db.prepare("DELETE FROM vault").run()),
  };
}

function factsOf({ version, stages, created }: Row): Omit<SealedVersion, "sealed"> {
  return { version, stages: JSON.parse(stages) as string[], createdAt: created };
}
