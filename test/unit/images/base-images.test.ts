import { expect, test } from "vitest";
import { baseImages } from "../../../src/images/dockerfile/base-images.ts";

const dockerfile = `# syntax=docker/dockerfile:1
ARG REGISTRY=public.ecr.aws/docker
ARG NODE="20"
FROM --platform=$BUILDPLATFORM \${REGISTRY}/library/node:\${NODE}-slim AS Build
ARG REGISTRY=not/this
RUN --mount=type=bind,from=ghcr.io/tools/go:1,target=/go \\
    make
COPY --from=build /a /b
FROM "golang:\${GO:-1.23}" AS other
COPY --chown=1:1 --from=123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/files:v1 /x /y
COPY --from=0 /x /y
FROM scratch
COPY <<EOF /z
FROM heredoc
EOF
COPY --from=other /x /y
FROM build
`;

test("all images that a build may begin with or take files from, and none of its own stages", () => {
  expect(baseImages(dockerfile)).toMatchInlineSnapshot(`
    [
      "public.ecr.aws/docker/library/node:20-slim",
      "ghcr.io/tools/go:1",
      "golang:1.23",
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/files:v1",
    ]
  `);
});

test("arguments of the build win over what the file says", () => {
  expect(baseImages("ARG A=1\nARG B=$A\nFROM x:$A-$B-$C\n", { A: "2", C: "not declared" })).toEqual(["x:2-2-"]);
});
