import { createServer, type Server, type Socket } from "node:net";
import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { shellWord } from "../errors.ts";
import type { Login } from "./docker-config.ts";

/** The docker client looks for `docker-credential-pilotfish` on the PATH. */
export const helperName = "pilotfish";

/** Keeps passwords in the memory of this process and hands them to the docker client, which runs a program for each
 *  question. They are in no file, so that nothing of them is left however this process ends.
 *  Source of the questions and answers: docker/docker-credential-helpers. */
export class CredentialHelper {
  readonly logins: Map<string, Login>;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(logins: Map<string, Login>) {
    this.logins = logins;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
    // A client that is asked to go on is no reason to.
    this.#server.unref();
  }

  /** Listens in this folder, which nobody else may enter, and puts the program into it. */
  static async listen(folder: string, logins: Map<string, Login>): Promise<CredentialHelper> {
    const helper = new CredentialHelper(logins);
    const socket = join(folder, "s");
    await new Promise<void>((resolve, reject) => {
      helper.#server.once("error", reject).listen(socket, resolve);
    });
    const program = join(folder, `docker-credential-${helperName}`);
    await writeFile(program, programText(socket), { mode: 0o700 });
    await chmod(program, 0o700);
    return helper;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
    this.logins.clear();
  }

  #serve(socket: Socket): void {
    this.#open.add(socket);
    socket.on("close", () => this.#open.delete(socket)).on("error", () => socket.destroy());
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => {
      const [action = "", ...rest] = Buffer.concat(chunks).toString("utf8").split("\n");
      const { exitCode, text } = this.#answer(action, rest.join("\n").trim());
      socket.end(`${exitCode}\n${text}`);
    });
  }

  #answer(action: string, question: string): { exitCode: number; text: string } {
    switch (action) {
      case "get": {
        const login = this.logins.get(question);
        if (login === undefined) return { exitCode: 1, text: "credentials not found in native keychain" };
        const { username: Username, password: Secret } = login;
        return { exitCode: 0, text: JSON.stringify({ ServerURL: question, Username, Secret }) };
      }
      case "store": {
        const { ServerURL, Username, Secret } = JSON.parse(question) as Record<string, string>;
        if (ServerURL && Secret) this.logins.set(ServerURL, { username: Username ?? "", password: Secret });
        return { exitCode: 0, text: "" };
      }
      case "erase":
        this.logins.delete(question);
        return { exitCode: 0, text: "" };
      case "list": {
        const users = [...this.logins].map(([host, { username }]) => [host, username]);
        return { exitCode: 0, text: JSON.stringify(Object.fromEntries(users)) };
      }
      default:
        return { exitCode: 1, text: `unknown action ${action}` };
    }
  }
}

/** The PATH with the program in it. */
export function pathWith(folder: string, path: string | undefined): string {
  return path ? `${folder}${delimiter}${path}` : folder;
}

function programText(socket: string): string {
  const relay = [
    `const [path, action] = process.argv.slice(1);`,
    `const chunks = [];`,
    `const socket = require("net").connect(path);`,
    `socket.on("error", (error) => { console.log(error.message); process.exit(1); });`,
    `socket.on("data", (chunk) => chunks.push(chunk));`,
    `socket.on("end", () => {`,
    `  const text = Buffer.concat(chunks).toString();`,
    `  const end = text.indexOf("\\n");`,
    `  process.exitCode = Number(text.slice(0, end));`,
    `  process.stdout.write(text.slice(end + 1));`,
    `});`,
    `socket.write(action + "\\n");`,
    `process.stdin.pipe(socket);`,
  ].join(" ");
  const command = [process.execPath, "-e", relay, socket].map(shellWord).join(" ");
  return `#!/bin/sh\nunset NODE_OPTIONS\nexec ${command} "$1"\n`;
}
