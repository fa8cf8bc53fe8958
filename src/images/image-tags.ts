import { UserError } from "../errors.ts";

/** The tags of an image: `latest`, and the one that was asked for, else git's description of the tree.
 *  A description that Docker does not take as a tag is left out. @throws UserError usage/invalid-flag */
export function imageTags(given: { tag?: string; gitDescription?: string }): string[] {
  if (given.tag !== undefined && !tag.test(given.tag)) {
    throw new UserError("usage/invalid-flag", `--tag: ${JSON.stringify(given.tag)} cannot be an image's tag`, {
      hint: "use up to 128 letters, digits, dots, dashes and underscores, beginning with none of `.` and `-`",
    });
  }
  const described = given.gitDescription && tag.test(given.gitDescription) ? given.gitDescription : undefined;
  return [...new Set(["latest", given.tag ?? described ?? "latest"])];
}

const tag = /^\w[\w.-]{0,127}$/;
