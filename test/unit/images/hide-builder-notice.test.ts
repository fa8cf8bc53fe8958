import { expect, test } from "vitest";
import { hideBuilderNotice } from "../../../src/images/hide-builder-notice.ts";

test.each([
  [
    "as client 23 prints it",
    [
      "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
      "            Install the buildx component to build images with BuildKit:",
      "            https://docs.docker.com/go/buildx/",
      "",
    ],
  ],
  [
    "as it stands when BuildKit is switched off",
    [
      "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
      "            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0",
      "            environment-variable.",
      "",
    ],
  ],
])("the notice of the classic builder is kept away, %s", (_, notice) => {
  const shown: string[] = [];
  const onLine = hideBuilderNotice((line) => shown.push(line));
  for (const line of ["before", ...notice, "Step 1/2 : FROM scratch", "", "  indented", "DEPRECATED: mine"])
    onLine(line);
  expect(shown).toEqual(["before", "Step 1/2 : FROM scratch", "", "  indented", "DEPRECATED: mine"]);
});
