const headerSize = 64;
const programHeaderSize = 56;
const loadAddress = 0x400000n;
const machines = { amd64: 62, arm64: 183 } as const;

export type Architecture = keyof typeof machines;

/** A static ELF executable whose one segment is `code`, entered at its first byte.
 *  `code` is position independent and neither writes to itself nor wants a data section. */
export function elfExecutable(architecture: Architecture, code: Buffer): Buffer {
  const codeAt = headerSize + programHeaderSize;
  const size = BigInt(codeAt + code.length);
  const header = Buffer.alloc(codeAt);
  // ELF header: 64 bit, little endian, version 1, System V.
  header.write("\x7fELF\x02\x01\x01", 0, "latin1");
  header.writeUInt16LE(2, 16); // executable
  header.writeUInt16LE(machines[architecture], 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(loadAddress + BigInt(codeAt), 24); // entry
  header.writeBigUInt64LE(BigInt(headerSize), 32); // program headers
  header.writeUInt16LE(headerSize, 52);
  header.writeUInt16LE(programHeaderSize, 54);
  header.writeUInt16LE(1, 56);
  // Program header: load the whole file, readable and executable.
  header.writeUInt32LE(1, headerSize);
  header.writeUInt32LE(5, headerSize + 4);
  header.writeBigUInt64LE(0n, headerSize + 8);
  header.writeBigUInt64LE(loadAddress, headerSize + 16);
  header.writeBigUInt64LE(loadAddress, headerSize + 24);
  header.writeBigUInt64LE(size, headerSize + 32);
  header.writeBigUInt64LE(size, headerSize + 40);
  header.writeBigUInt64LE(0x10000n, headerSize + 48);
  return Buffer.concat([header, code]);
}
