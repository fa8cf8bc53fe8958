import { expect, test } from "vitest";
import { manifest, problems } from "../problems.ts";

const web = (image: string) => `name: api\ntype: Load Balanced Web Service\nhttp: { path: / }\n${image}`;
const backend = (image: string) => `name: api\ntype: Backend Service\n${image}`;

test("an image is built or pulled, not both and not neither", () => {
  expect(problems(backend("image: { build: Dockerfile, location: nginx }"))).toMatchInlineSnapshot(`
    "3:39   error  \`image.build\` and \`image.location\` exclude each other  (image/source)
                  keep the one that the image comes from"
  `);
  expect(problems(backend("image:\n  port: 80"))).toMatchInlineSnapshot(`
    "3:1    error  \`image\` says neither \`build\` nor \`location\`  (image/source)
                  add \`build: Dockerfile\`, or \`location:\` with the name of an image"
  `);
  expect(problems(backend("image:\n  location:\n  build: ~"))).toMatchInlineSnapshot(`
    "3:1    error  \`image\` says neither \`build\` nor \`location\`  (image/source)
                  add \`build: Dockerfile\`, or \`location:\` with the name of an image"
  `);
  expect(problems(backend(""))).toMatchInlineSnapshot(`
    "1:1    error  \`image\` is missing  (schema/missing)
                  say where the image comes from: \`image: { build: Dockerfile }\` or \`image: { location: nginx }\`"
  `);
  expect(problems(backend("image: nginx"))).toMatchInlineSnapshot(
    `
    "3:8    error  \`image\` must be a map, not \`nginx\`  (schema/type)
                  say where the image comes from: \`image: { build: Dockerfile }\` or \`image: { location: nginx }\`"
  `,
  );
  expect(problems(backend("image:"))).toMatchInlineSnapshot(`
    "3:1    error  \`image\` is missing  (schema/missing)
                  say where the image comes from: \`image: { build: Dockerfile }\` or \`image: { location: nginx }\`"
  `);
});

test("a build is a Dockerfile's path or a map", () => {
  expect(manifest(backend("image: { build: ./Dockerfile }"))).toMatchObject({ image: { build: "./Dockerfile" } });
  const build = "{ dockerfile: a/Dockerfile, context: ., target: final, args: { V: 1.10 }, cache_from: [x] }";
  expect(manifest(backend(`image: { build: ${build} }`))).toMatchInlineSnapshot(`
    {
      "image": {
        "build": {
          "args": {
            "V": "1.10",
          },
          "cache_from": [
            "x",
          ],
          "context": ".",
          "dockerfile": "a/Dockerfile",
          "target": "final",
        },
      },
      "name": "api",
      "type": "Backend Service",
    }
  `);
  expect(problems(backend("image: { build: '' }"))).toMatchInlineSnapshot(
    `"3:17   error  \`image.build\` must not be empty  (schema/value)"`,
  );
  expect(problems(backend("image: { build: { args: [a], dockerfile: {}, platforms: [] } }"))).toMatchInlineSnapshot(`
    "3:19   error  \`image.build.args\` must be a map, not a list  (schema/type)
    3:30   error  \`image.build.dockerfile\` must be text, not a map  (schema/type)
    3:46   warning  unknown key \`platforms\` in \`image.build\`; it has no effect  (schema/unknown-key)
                    \`platform\` at the top of the manifest is what all images are built for"
  `);
});

test("a broken build is not reported as a missing one", () => {
  expect(problems(backend("image: { build: [Dockerfile] }"))).toMatchInlineSnapshot(
    `"3:10   error  \`image.build\` must be text or a map, not a list  (schema/type)"`,
  );
});

test("a Load Balanced Web Service needs a port", () => {
  expect(problems(web("image:\n  location: nginx"))).toMatchInlineSnapshot(`
    "4:1    error  \`image.port\` is missing  (schema/missing)
                  give the port that the program listens on: \`port: 8080\`"
  `);
  expect(problems(web("image: { location: nginx, port: 0 }"))).toMatchInlineSnapshot(
    `"4:33   error  \`image.port\` must be between 1 and 65535, not 0  (schema/value)"`,
  );
  expect(problems(web("image: { location: nginx, port: 65536 }"))).toMatchInlineSnapshot(
    `"4:33   error  \`image.port\` must be between 1 and 65535, not 65536  (schema/value)"`,
  );
  expect(problems(web('image: { location: nginx, port: "8080" }'))).toMatchInlineSnapshot(`
    "4:33   error  \`image.port\` must be a whole number, and in quotes it is text  (schema/type)
                  write 8080 without quotes"
  `);
});

test("a Backend Service needs one behind a load balancer only", () => {
  expect(problems(backend("image: { location: nginx }"))).toBe("");
  expect(problems(backend("image: { location: nginx }\nhttp: { path: / }"))).toMatchInlineSnapshot(`
    "3:1    error  \`http\` needs \`image.port\`, the port that requests are sent to  (http/port)
                  add \`port: 8080\` under \`image\`"
  `);
});

test("an image's name has no upper-case letters", () => {
  expect(problems(backend("image: { location: Dockerfile }"))).toMatchInlineSnapshot(`
    "3:20   error  \`image.location\` must be the name of an image, and such a name has no upper-case letters: \`Dockerfile\`  (schema/value)
                  an image is built with \`build: Dockerfile\`"
  `);
  expect(problems(backend("image: { location: 'ghcr.io/Team/api:1.0' }"))).toMatchInlineSnapshot(
    `"3:20   error  \`image.location\` must be the name of an image, and such a name has no upper-case letters: \`ghcr.io/Team/api:1.0\`  (schema/value)"`,
  );
  const variables = { TAG: "V1", REPO: "api" };
  for (const name of ["nginx:ALPINE", "Example.com:5000/a", "a@sha256:ABC", "localhost/api:${TAG}", "${REPO}:x"])
    expect(problems(backend(`image: { location: '${name}' }`), { variables })).toBe("");
});
