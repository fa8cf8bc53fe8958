import { UserError } from "../errors.ts";

export interface TagsAskedFor {
  /** Of the user; a sidecar's image does not take it. */
  tag?: string;
  /** What git says of the tree when it is clean. */
  gitDescription?: string;
  /** The sidecar that the image is for; absent: the service's own container. */
  sidecar?: string;
}

/** The tags of an image, the most telling one last: `latest`, and the one that was asked for, else git's description of
 *  the tree; of a sidecar's image, which shares the service's repository, `nginx-latest` and `nginx-<git's description>`.
 *  A description that Docker does not take as a tag is left out. @throws UserError usage/invalid-flag */
export function imageTags({ tag, gitDescription, sidecar }: TagsAskedFor): string[] {
  if (tag !== undefined && !valid.test(tag)) {
    throw new UserError("usage/invalid-flag", `--tag: ${JSON.stringify(tag)} cannot be an image's tag`, {
      hint: "use up to 128 letters, digits, dots, dashes and underscores, beginning with none of `.` and `-`",
    });
  }
  const prefix = sidecar === undefined ? "" : `${sidecar}-`;
  const told = sidecar === undefined ? (tag ?? gitDescription) : gitDescription;
  const tags = [`${prefix}latest`, ...(told === undefined ? [] : [`${prefix}${told}`])];
  return [...new Set(tags)].filter((each, i) => i === 0 || valid.test(each));
}

const valid = /^\w[\w.-]{0,127}$/;
