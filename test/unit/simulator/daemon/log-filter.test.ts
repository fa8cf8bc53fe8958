import { expect, test } from "vitest";
import { logFilter } from "../../../../src/simulator/daemon/log-filter.ts";

const lines = ["ERROR one", "WARN two", "ERROR health check", "error three", "a - b"];
const of = (pattern: string): string[] => lines.filter(logFilter(pattern));

test("a filter takes lines as CloudWatch does: all terms, phrases, terms that are not there, any of several", () => {
  expect(of("ERROR")).toEqual(["ERROR one", "ERROR health check"]);
  expect(of("check ERROR")).toEqual(["ERROR health check"]);
  expect(of(`"health check"`)).toEqual(["ERROR health check"]);
  expect(of(`"check health"`)).toEqual([]);
  expect(of(`ERROR -"health check"`)).toEqual(["ERROR one"]);
  expect(of("?WARN ?three")).toEqual(["WARN two", "error three"]);
  expect(of("?WARN ERROR")).toEqual(["ERROR one", "ERROR health check"]);
  expect(of("-ERROR")).toEqual(["WARN two", "error three", "a - b"]);
  expect(of(`"- b"`)).toEqual(["a - b"]);
  expect(of(" ")).toEqual(lines);
});
