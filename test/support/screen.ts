import xterm from "@xterm/headless";

/** A terminal without a program: what a person would see of bytes that are written to it. */
export class Screen {
  readonly #terminal: xterm.Terminal;

  constructor({ columns, rows }: { columns: number; rows: number }) {
    // A terminal of a program gets a carriage return with each line feed from the kernel.
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 1000,
      convertEol: true,
      allowProposedApi: true,
    });
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** All text since the start that has not been overwritten, without trailing blanks. */
  text(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
    return lines
      .map((line) => line.trimEnd())
      .join("\n")
      .trimEnd();
  }
}

export async function screenOf(text: string, size: { columns: number; rows: number }): Promise<string> {
  const screen = new Screen(size);
  await screen.write(text);
  return screen.text();
}
