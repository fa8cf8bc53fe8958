import { randomUUID } from "node:crypto";
import { checkName, checkValue } from "./value-limits.ts";
import type { SealedVersion, StoredKind, ValueKind, ValueTable } from "./value-table.ts";
import { Vault } from "./vault.ts";

/** What may be told of a value. */
export interface ValueFacts {
  kind: ValueKind;
  name: string;
  /** Newest first. */
  versions: { id: string; stages: string[]; createdAt: number }[];
}

/** Which version of a value is meant; nothing: the current one. */
export interface VersionWanted {
  stage?: string;
  id?: string;
}

const kinds: readonly ValueKind[] = ["secret", "parameter", "export"];
/** As Systems Manager keeps them. */
const parameterVersions = 100;

/** Secrets, parameters and exports of the account that the simulator plays. They belong to no application. */
export class ValueStore {
  readonly #table: ValueTable;
  readonly #vault: Vault;
  readonly #now: () => number;

  constructor(table: ValueTable, keyFile: string, now: () => number) {
    this.#table = table;
    this.#vault = new Vault(keyFile, table);
    this.#now = now;
  }

  /** Keeps a value. One that is there is left alone unless it is to be overwritten.
   *  @throws UserError value/invalid, value/unreadable, simulator/disk-full */
  put(kind: ValueKind, name: string, value: string, overwrite: boolean): "created" | "updated" | "exists" {
    checkName(kind, name);
    checkValue(kind, value);
    const before = this.#table.read(kind, name);
    if (before.length > 0 && !overwrite) return "exists";
    const version = kind === "secret" ? randomUUID() : String(Number(before[0]?.version ?? 0) + 1);
    const sealed = this.#vault.seal({ kind, name, version }, value);
    const stages = kind === "secret" ? ["AWSCURRENT"] : [];
    const made: SealedVersion = { version, stages, createdAt: this.#now(), sealed };
    this.#table.write(kind, name, [made, ...keptOf(kind, before)]);
    return before.length > 0 ? "updated" : "created";
  }

  /** Undefined when there is no such value; `no-version` when it has no such version.
   *  @throws UserError value/unreadable */
  get(kind: ValueKind, name: string, { stage, id }: VersionWanted = {}): { value: string } | "no-version" | undefined {
    const versions = this.#table.read(kind, name);
    if (versions.length === 0) return undefined;
    const wanted =
      kind === "secret" && id === undefined
        ? versions.find(({ stages }) => stages.includes(stage ?? "AWSCURRENT"))
        : versions.find(({ version }) => id === undefined || version === id);
    if (wanted === undefined) return "no-version";
    return { value: this.#vault.open({ kind, name, version: wanted.version }, wanted.sealed) };
  }

  /** The values of these exports, by name, as far as there are any. @throws UserError value/unreadable */
  exports(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.flatMap((name) => {
        const found = this.get("export", name);
        return typeof found === "object" ? [[name, found.value]] : [];
      }),
    );
  }

  /** Whether it was there. @throws UserError simulator/disk-full */
  delete(kind: ValueKind, name: string): boolean {
    if (this.#table.read(kind, name).length === 0) return false;
    this.#table.write(kind, name, []);
    return true;
  }

  /** Forgets everything, also what cannot be read any more. @throws UserError simulator/disk-full */
  clear(): void {
    this.#table.clear();
  }

  /** Everything but the values. */
  list(): ValueFacts[] {
    return kinds.flatMap((kind) =>
      this.#table.list(kind).map(({ name, versions }) => ({
        kind,
        name,
        versions: versions.map(({ version, stages, createdAt }) => ({ id: version, stages, createdAt })),
      })),
    );
  }

  /** Keeps the contents of an object of a bucket. @throws UserError value/unreadable, simulator/disk-full */
  putObject(arn: string, contents: string): void {
    if (this.#table.read("object", arn).length > 0) return;
    const place = { kind: "object", name: arn, version: "1" } as const;
    const sealed = this.#vault.seal(place, contents);
    this.#table.write("object", arn, [{ version: place.version, stages: [], createdAt: this.#now(), sealed }]);
  }

  /** @throws UserError value/unreadable */
  object(arn: string): string | undefined {
    const [found] = this.#table.read("object", arn);
    return found && this.#vault.open({ kind: "object", name: arn, version: found.version }, found.sealed);
  }

  /** Forgets the objects that nobody refers to. @throws UserError simulator/disk-full */
  keepObjects(wanted: (arn: string) => boolean): void {
    const kind: StoredKind = "object";
    for (const { name } of this.#table.list(kind)) if (!wanted(name)) this.#table.write(kind, name, []);
  }
}

/** What of the former versions stays. Secrets Manager soon forgets a version without a stage. */
function keptOf(kind: ValueKind, before: readonly SealedVersion[]): SealedVersion[] {
  if (kind === "export") return [];
  if (kind === "parameter") return before.slice(0, parameterVersions - 1);
  const current = before.find(({ stages }) => stages.includes("AWSCURRENT"));
  return current === undefined ? [] : [{ ...current, stages: ["AWSPREVIOUS"] }];
}
