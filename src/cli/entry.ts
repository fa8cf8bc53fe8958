import { main } from "./main.ts";
import { nodeHost } from "./node-host.ts";

const host = nodeHost(import.meta.url);
process.exitCode = await main(process.argv.slice(2), host);
// Whatever is still open (a question, a socket) must not keep a finished command alive; what was written must arrive.
const failure = await host.flush();
if (failure !== undefined) {
  host.stderr.write(`error  what was printed could not be written: ${failure.message}\n`);
  process.exitCode ||= 1;
}
process.exit();
