import { describe, expect, test } from "vitest";
import { load, problems } from "./problems.ts";

describe("a file that is no manifest", () => {
  test.for([
    ["an empty file", ""],
    ["comments alone", "# nothing\n"],
    ["an empty document", "---\n"],
    ["null", "~"],
  ])("%s is an empty manifest", ([, text]) => {
    expect(problems(text ?? "")).toBe(
      "1:1    error  the manifest is empty  (yaml/empty)\n              start with `name:` and `type:`",
    );
  });

  test("a list is not a manifest", () => {
    expect(problems("# services\n- name: api\n- name: web\n")).toMatchInlineSnapshot(`
      "2:1    error  a manifest is a map of keys, not a list  (yaml/not-a-map)
                    start with \`name:\` and \`type:\`"
    `);
  });

  test("a word is not a manifest", () => {
    expect(problems("api")).toMatchInlineSnapshot(`
      "1:1    error  a manifest is a map of keys, not text  (yaml/not-a-map)
                    start with \`name:\` and \`type:\`"
    `);
  });

  test("a second document is named where it starts, unless it is empty", () => {
    expect(
      problems("name: api\ntype: Backend Service\nimage: { location: nginx }\n---\nname: web\n"),
    ).toMatchInlineSnapshot(
      `"4:1    warning  a manifest is one document; the one that starts here has no effect  (yaml/documents)"`,
    );
    expect(problems("---\nname: api\ntype: Backend Service\nimage: { location: nginx }\n---\n")).toBe("");
  });

  test("an end marker is not a second document", () => {
    expect(problems("name: api\ntype: Backend Service\nimage: { location: nginx }\n...\n")).toMatchInlineSnapshot(`""`);
  });

  test("a tab as indentation is named", () => {
    expect(problems("name: api\nimage:\n\tport: 80\n")).toMatchInlineSnapshot(`
      "3:1    error  a tab indents this line; YAML allows spaces only  (yaml/tab)
                    replace the tab with spaces"
    `);
  });

  test("a tab as indentation is named in an element of a list too, and a bracket that stays open is not blamed on one", () => {
    expect(problems("- name: api\n\ttype: x\n  port: 80\n")).toMatchInlineSnapshot(`
      "2:1    error  a tab indents this line; YAML allows spaces only  (yaml/tab)
                    replace the tab with spaces
      3:7    error  this does not belong here  (yaml/syntax)"
    `);
    expect(problems("name: api\ncommand: [a,\n\tb\n")).toMatchInlineSnapshot(
      `"2:10   error  this bracket is never closed  (yaml/syntax)"`,
    );
  });

  test("a key given twice is refused at its second place", () => {
    expect(
      problems(`
        name: api
        type: Backend Service
        image:
          location: nginx
          port: 80
          location: httpd
        name: web
      `),
    ).toMatchInlineSnapshot(`
      "6:3    error  \`location\` is already given at line 4  (yaml/duplicate-key)
      7:1    error  \`name\` is already given at line 1  (yaml/duplicate-key)"
    `);
  });

  test("a wrong indentation is refused at its line", () => {
    expect(problems("name: api\ntype: Backend Service\n  image: nginx\n")).toMatchInlineSnapshot(`
      "2:7    error  a \`key:\` stands where a value goes on  (yaml/syntax)
                    indent it like the keys beside it, or put text that holds \`: \` in quotes"
    `);
    expect(problems("image:\n    location: nginx\n  port: 80\n")).toMatchInlineSnapshot(
      `"3:3    error  the indentation does not fit the lines above  (yaml/syntax)"`,
    );
  });

  test("an open quote, an open bracket", () => {
    expect(problems('name: api\nvariables:\n  A: "x\n')).toMatchInlineSnapshot(
      `"3:6    error  this quote is never closed  (yaml/syntax)"`,
    );
    expect(problems("name: api\nimage: { location: nginx\n")).toMatchInlineSnapshot(
      `"2:8    error  this bracket is never closed  (yaml/syntax)"`,
    );
    expect(problems("name: api\ncommand: [a, b\ncpu: 256\n")).toMatchInlineSnapshot(
      `"2:10   error  this bracket is never closed  (yaml/syntax)"`,
    );
  });

  test("text that needs quotes", () => {
    expect(problems("variables:\n  A: @home\n  B: say: hello\n  C: `x`\n")).toMatchInlineSnapshot(`
      "2:6    error  text cannot start with this character  (yaml/syntax)
                    put the text in quotes
      3:6    error  a \`key:\` stands where a value goes on  (yaml/syntax)
                    indent it like the keys beside it, or put text that holds \`: \` in quotes
      4:6    error  text cannot start with this character  (yaml/syntax)
                    put the text in quotes"
    `);
    expect(problems('variables:\n  A: "C:\\path"\n')).toMatchInlineSnapshot(`
      "2:9    error  this backslash escape does not exist in double quotes  (yaml/syntax)
                    use single quotes to keep backslashes as they are"
    `);
  });

  test("a key that is a list, a line that is nothing", () => {
    expect(problems("? [a, b]\n: c\nname: api\n")).toMatchInlineSnapshot(`
      "1:1    error  \`type\` is missing  (schema/missing)
                    use one of Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service, Static Site, Scheduled Job
      1:3    error  a key has to be a word, not a list or a map  (yaml/syntax)"
    `);
    expect(problems("name: api\nnonsense\ncpu: 256\n")).toMatchInlineSnapshot(
      `"2:1    error  this is neither \`key: value\` nor part of the line above  (yaml/syntax)"`,
    );
    expect(problems("name: api\n]\n")).toMatchInlineSnapshot(
      `"2:1    error  this does not belong here  (yaml/syntax)"`,
    );
  });

  test("twenty problems of syntax are enough", () => {
    const { diagnostics } = load("a: b: c\n".repeat(1000));
    expect(diagnostics).toHaveLength(20);
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(["yaml/syntax"]));
  });

  test("a byte order mark and Windows line ends are fine", () => {
    const text = "\uFEFFname: api\r\ntype: Backend Service\r\nimage: { location: nginx }\r\ncpu: lots\r\n";
    expect(problems(text)).toMatchInlineSnapshot(
      `"4:6    error  \`cpu\` must be a whole number, not \`lots\`  (schema/type)"`,
    );
  });

  test("`<<` with something else than maps", () => {
    expect(problems("name: api\n<<: x\ntype: Backend Service\nimage: { location: nginx }\n")).toMatchInlineSnapshot(
      `"2:5    error  \`<<\` takes a map or a list of maps  (yaml/syntax)"`,
    );
  });
});
