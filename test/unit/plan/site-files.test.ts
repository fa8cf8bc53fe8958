import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { SiteFiles } from "../../../src/plan/static-site-plan.ts";
import { contentTypeOf, mapFiles } from "../../../src/plan/site-files.ts";

const entry: SiteFiles = { source: "web/dist", recursive: true, destination: ".", exclude: [], reinclude: [] };
const found = ["index.html", "assets/app.js", "assets/app.js.map", "notes.txt", "img/a-1.png"];
const keys = (given: Partial<SiteFiles>) => mapFiles({ ...entry, ...given }, found).map(({ key }) => key);

test("files of a folder go below the destination, a single one to it, or under its own name", () => {
  expect({
    folder: mapFiles(entry, ["index.html", "assets/app.js"]),
    below: mapFiles({ ...entry, source: "./web/dist/", destination: "/docs/" }, ["index.html"]),
    file: mapFiles({ ...entry, source: "web/robots.txt" }, [""]),
    renamed: mapFiles({ ...entry, source: "../robots.txt", destination: "x/r.txt" }, [""]),
  }).toMatchInlineSnapshot(`
    {
      "below": [
        {
          "key": "docs/index.html",
          "path": "web/dist/index.html",
        },
      ],
      "file": [
        {
          "key": "robots.txt",
          "path": "web/robots.txt",
        },
      ],
      "folder": [
        {
          "key": "index.html",
          "path": "web/dist/index.html",
        },
        {
          "key": "assets/app.js",
          "path": "web/dist/assets/app.js",
        },
      ],
      "renamed": [
        {
          "key": "x/r.txt",
          "path": "../robots.txt",
        },
      ],
    }
  `);
});

test("patterns leave out and take back, below the source or from the workspace's root", () => {
  expect({
    all: keys({ exclude: ["*"] }),
    anyDepth: keys({ exclude: ["*.map", "notes.txt"] }),
    takenBack: keys({ exclude: ["*"], reinclude: ["*.txt", "img/?-[0-9].png"] }),
    fromRoot: keys({ exclude: ["web/dist/assets/*"] }),
    notIn: keys({ exclude: ["[!in]*"] }),
    literal: keys({ exclude: ["index+html", "(.*)", "a|b", "assets"] }),
  }).toMatchInlineSnapshot(`
    {
      "all": [],
      "anyDepth": [
        "index.html",
        "assets/app.js",
        "img/a-1.png",
      ],
      "fromRoot": [
        "index.html",
        "notes.txt",
        "img/a-1.png",
      ],
      "literal": [
        "index.html",
        "assets/app.js",
        "assets/app.js.map",
        "notes.txt",
        "img/a-1.png",
      ],
      "notIn": [
        "index.html",
        "notes.txt",
        "img/a-1.png",
      ],
      "takenBack": [
        "notes.txt",
        "img/a-1.png",
      ],
    }
  `);
});

test("any text is a pattern, and one without symbols leaves out the file of that name alone", () => {
  fc.assert(
    fc.property(fc.string(), (pattern) => {
      expect(() => keys({ exclude: [pattern] })).not.toThrow();
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...found), (name) => {
      expect(keys({ exclude: [name] })).toEqual(found.filter((each) => each !== name));
    }),
  );
});

test("types by the end of the name", () => {
  const names = ["index.html", "A.JS", "app.js.map", "font.woff2", "LICENSE", ".well-known", "x.constructor", "a.b/c"];
  expect(Object.fromEntries(names.map((name) => [name, contentTypeOf(name)]))).toMatchInlineSnapshot(`
    {
      ".well-known": "application/octet-stream",
      "A.JS": "text/javascript; charset=utf-8",
      "LICENSE": "application/octet-stream",
      "a.b/c": "application/octet-stream",
      "app.js.map": "application/json",
      "font.woff2": "font/woff2",
      "index.html": "text/html; charset=utf-8",
      "x.constructor": "application/octet-stream",
    }
  `);
});
