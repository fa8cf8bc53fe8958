import { describe, expect, test } from "vitest";
import { manifest, problems } from "../problems.ts";

const site = (more = "") => `name: api\ntype: Static Site\n${more}`;

describe("a Static Site", () => {
  test("may be empty", () => {
    expect(problems(site())).toBe("");
    expect(problems(site("files: []\n"))).toBe("");
  });

  test("has files, with patterns as text or as lists", () => {
    const files = "files: [{ source: a, recursive: true, destination: b, exclude: '*.map', reinclude: [k.map, l] }]\n";
    expect(problems(site(files))).toBe("");
    expect(problems(site("files: [{ recursive: yes }, { source: '' }, { source: a, exclude: { b: c } }]\n")))
      .toMatchInlineSnapshot(`
      "3:9    error  \`files[0].source\` is missing  (schema/missing)
                    name a file or a folder: \`source: public\`
      3:39   error  \`files[1].source\` must not be empty  (schema/value)
      3:58   error  \`files[2].exclude\` must be text or a list, not a map  (schema/type)"
    `);
    expect(problems(site("files: [{ source: a, reinclude: '*.b' }]\n"))).toMatchInlineSnapshot(`
      "3:33   warning  \`reinclude\` has no effect without \`exclude\`  (files/no-effect)
                      all files are uploaded that \`exclude\` does not leave out"
    `);
    expect(problems(site("files: { source: a }\n"))).toMatchInlineSnapshot(
      `"3:1    error  \`files\` must be a list, not a map  (schema/type)"`,
    );
  });

  test("has one alias, and a certificate in us-east-1 for it", () => {
    const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
    expect(problems(site(`http: { alias: a.example.com, certificate: "${arn("us-east-1")}" }\n`))).toBe("");
    expect(problems(site(`http: { certificate: "${arn("us-east-1")}" }\n`))).toMatchInlineSnapshot(`
      "3:22   error  \`certificate\` needs \`alias\`, the name that it is for  (http/certificate)
                    add \`alias: www.example.com\`"
    `);
    expect(problems(site(`http: { alias: a.b, certificate: "${arn("eu-west-1")}" }\n`))).toMatchInlineSnapshot(`
      "3:34   error  \`http.certificate\` must be a certificate in us-east-1, not in eu-west-1  (schema/value)
                    CloudFront takes no other"
    `);
    expect(problems(site("http: { alias: a.b, certificate: my-certificate }\n"))).toMatchInlineSnapshot(`
      "3:34   error  \`http.certificate\` must be the ARN of a certificate of ACM  (schema/value)
                    such as arn:aws:acm:us-east-1:123456789012:certificate/ID"
    `);
    expect(problems(site("http: { alias: [a.b] }\n"))).toMatchInlineSnapshot(
      `"3:9    error  \`http.alias\` must be text, not a list  (schema/type)"`,
    );
  });

  test("has other things in other environments", () => {
    const text = site(
      "http: { alias: a.example.com }\nfiles: [{ source: a }, { source: b }]\nenvironments: { test: { http: { alias: b.example.com }, files: [{ source: c }] }, prod: }\n",
    );
    expect(manifest(text, { env: "test" })).toEqual({
      name: "api",
      type: "Static Site",
      http: { alias: "b.example.com" },
      files: [{ source: "c" }],
    });
    expect(problems(text, { env: "prod" })).toBe("");
  });

  test("says what has no effect", () => {
    expect(problems(site("image: { location: x }\ncpu: 256\nhttp: { path: / }\n"))).toMatchInlineSnapshot(`
      "3:1    warning  unknown key \`image\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service or Scheduled Job has \`image\`
      4:1    warning  unknown key \`cpu\`; it has no effect  (schema/unknown-key)
                      only a Load Balanced Web Service, Backend Service, Worker Service, Request-Driven Web Service or Scheduled Job has \`cpu\`
      5:9    warning  unknown key \`path\` in \`http\`; it has no effect  (schema/unknown-key)
                      a site answers all paths of its name; files come under another one with \`files.destination\`"
    `);
  });
});
