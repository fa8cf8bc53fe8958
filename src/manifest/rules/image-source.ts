import { rule } from "./rule.ts";

/** An image is built or pulled: one of the two, not both. */
export const imageSource = rule("image/source", ["image.build", "image.location"], ({ image }, report) => {
  if (!image) return;
  const { build, location } = image;
  if (build !== undefined && location !== undefined) {
    report("image.location", "`image.build` and `image.location` exclude each other", {
      hint: "keep the one that the image comes from",
    });
  }
  if (build === undefined && location === undefined) {
    report("image", "`image` says neither `build` nor `location`", {
      hint: "add `build: Dockerfile`, or `location:` with the name of an image",
    });
  }
});
