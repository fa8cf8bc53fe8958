import { expect, test } from "vitest";
import { parseListeners } from "../../../../src/simulator/runtime/docker/listeners.ts";

const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ";
const rest = "00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0";

test("sockets that listen are told with address and port, connections are not", () => {
  const table = [
    head,
    `   0: 0100007F:1F90 00000000:0000 0A ${rest}`,
    `   1: 00000000:0050 00000000:0000 0A ${rest}`,
    `   2: 0200110A:0050 0100110A:C350 01 ${rest}`,
    head,
    `   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A ${rest}`,
    `   1: 00000000000000000000000001000000:0BB9 00000000000000000000000000000000:0000 0A ${rest}`,
    `   2: 0000000000000000FFFF00000100007F:0BBA 00000000000000000000000000000000:0000 0A ${rest}`,
    `  10: B80D01200000000000000000FE000000:0BBB 00000000000000000000000000000000:0000 0A ${rest}`,
    "",
  ].join("\n");
  expect(parseListeners(table).map(({ address, port }) => `${address} ${port}`)).toEqual([
    "0.0.0.0 80",
    ":: 3000",
    "::1 3001",
    "127.0.0.1 3002",
    "2001:db8::fe 3003",
    "127.0.0.1 8080",
  ]);
});

test("nothing listens in an empty table", () => {
  expect(parseListeners(`${head}\n`)).toEqual([]);
});
