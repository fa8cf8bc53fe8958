import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readKey, writeKey } from "./key-file.ts";
import { unreadable } from "./unreadable.ts";
import type { StoredKind, ValueTable } from "./value-table.ts";

/** Where a value stands. It is bound to its place: sealed bytes that are moved to another one do not open. */
export interface SealedPlace {
  kind: StoredKind;
  name: string;
  version: string;
}

/** AES-256-GCM: the first byte says so, a random nonce and the tag come before the text. */
const format = 1;
const nonceBytes = 12;
const tagBytes = 16;
const checkPlace: SealedPlace = { kind: "check", name: "key", version: "1" };

/** Encrypts what is kept. The key lies in a file beside the state, is made with the first value and read anew each time,
 *  so that one that is put back counts at once. */
export class Vault {
  readonly #keyFile: string;
  readonly #table: ValueTable;

  constructor(keyFile: string, table: ValueTable) {
    this.#keyFile = keyFile;
    this.#table = table;
  }

  /** @throws UserError value/unreadable when the key is not the one of what is kept already, simulator/disk-full */
  seal(place: SealedPlace, text: string): Uint8Array {
    return seal(this.#key(), place, text);
  }

  /** @throws UserError value/unreadable */
  open(place: SealedPlace, sealed: Uint8Array): string {
    const text = open(this.#key(), place, sealed);
    if (text === undefined) throw unreadable(`${place.kind} ${place.name} is damaged`);
    return text;
  }

  #key(): Buffer {
    const found = readKey(this.#keyFile);
    const [check] = this.#table.read("check", checkPlace.name);
    if (check !== undefined) {
      if (!Buffer.isBuffer(found)) throw unreadable(`their key ${this.#keyFile} ${found}`);
      if (open(found, checkPlace, check.sealed) === undefined)
        throw unreadable(`${this.#keyFile} is not the key that they were encrypted with`);
      return found;
    }
    if (!this.#table.isEmpty()) throw unreadable("what proves their key is damaged");
    const key = Buffer.isBuffer(found) ? found : writeKey(this.#keyFile);
    const { version } = checkPlace;
    this.#table.write("check", checkPlace.name, [
      { version, stages: [], createdAt: 0, sealed: seal(key, checkPlace, "") },
    ]);
    return key;
  }
}

function seal(key: Buffer, place: SealedPlace, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound(place));
  const secret = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(format), nonce, cipher.getAuthTag(), secret]);
}

function open(key: Buffer, place: SealedPlace, sealed: Uint8Array): string | undefined {
  const bytes = Buffer.from(sealed);
  const start = 1 + nonceBytes + tagBytes;
  if (bytes.length < start || bytes[0] !== format) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(bound(place)).setAuthTag(bytes.subarray(1 + nonceBytes, start));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function bound({ kind, name, version }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([kind, name, version]));
}
