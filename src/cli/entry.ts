import { main } from "./main.ts";
import { nodeHost } from "./node-host.ts";

const host = nodeHost(import.meta.url);
process.exitCode = await main(process.argv.slice(2), host);
// Whatever is still open (a question, a socket) must not keep a finished command alive; what was written must arrive.
await host.flush();
process.exit();
