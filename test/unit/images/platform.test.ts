import { expect, test } from "vitest";
import { isForPlatform, platformOf } from "../../../src/images/platform.ts";

test.each([
  ["linux/amd64", { Os: "linux", Architecture: "amd64" }, true],
  ["linux/x86_64", { Os: "linux", Architecture: "amd64" }, true],
  ["linux/amd64", { Os: "linux", Architecture: "arm64" }, false],
  ["linux/arm64", { Os: "linux", Architecture: "arm64", Variant: "v8" }, true],
  ["linux/arm64", { Os: "linux", Architecture: "aarch64" }, true],
  ["linux/arm64", { Os: "linux", Architecture: "arm", Variant: "v7" }, false],
  ["linux/arm/v7", { Os: "linux", Architecture: "arm", Variant: "v7" }, true],
  ["linux/arm/v6", { Os: "linux", Architecture: "arm", Variant: "v7" }, false],
  ["linux/arm", { Os: "linux", Architecture: "arm", Variant: "v6" }, true],
  ["linux/amd64", { Os: "windows", Architecture: "amd64" }, false],
])("asked for %s, an image of %j fits: %j", (asked, image, fits) => {
  expect(isForPlatform(image, asked)).toBe(fits);
});

test("a platform is written as one gives it", () => {
  expect(platformOf({ Os: "linux", Architecture: "arm", Variant: "v7" })).toBe("linux/arm/v7");
  expect(platformOf({ Os: "linux", Architecture: "amd64", Variant: "" })).toBe("linux/amd64");
});
