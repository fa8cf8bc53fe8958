import type { RegistryImage, Repository } from "../providers/account/repositories.ts";
import { UserError } from "../errors.ts";

export interface ImageToPlan {
  container: string;
  /** As the Engine calls it. */
  id: string;
  /** The most telling one last. */
  tags: readonly string[];
  /** The one among them that the user has asked for. */
  askedFor?: string;
}

/** What there is to do until a repository has an image. With neither, it has it already. */
export interface PushPlan {
  /** The image as it is there. */
  present?: RegistryImage;
  /** Tags to give to the image that is there. */
  retag: string[];
  /** Tags to push, the most telling one first. */
  push: string[];
  /** All that the image has afterwards, of those wanted; the most telling one last. */
  tags: string[];
  /** Tags that stay with other images, because the repository never moves one. */
  left: string[];
}

/** Decides by what a repository has under an image's tags. Where tags are not moved, one that another image has is an
 *  error if the user asked for it; one that nobody asked for stays where it is, and an image that would have none is
 *  pushed as {@link ownTag}. @throws UserError image/tag-immutable */
export function planPush(image: ImageToPlan, repository: Repository, found: readonly RegistryImage[]): PushPlan {
  const { container, id, tags, askedFor } = image;
  const present = found.find(({ ids }) => ids.includes(id));
  const missing: string[] = [];
  const left: string[] = [];
  for (const tag of tags) {
    const holder = found.find((each) => each.tags.includes(tag));
    if (holder !== undefined && holder.digest === present?.digest) continue;
    if (holder === undefined || repository.canMove(tag)) missing.push(tag);
    else if (tag === askedFor) throw taken(tag, container, repository, holder);
    else left.push(tag);
  }
  const has = tags.filter((tag) => !left.includes(tag));
  if (has.length === 0 && present === undefined) missing.push(ownTag(id));
  const all = has.length === 0 ? [ownTag(id)] : has;
  if (present !== undefined) return { present, retag: missing, push: [], tags: has, left };
  return { retag: [], push: missing.toReversed(), tags: all, left };
}

/** A tag that no other image has. */
export function ownTag(id: string): string {
  return `id-${id.replace(/^sha256:/, "").slice(0, 12)}`;
}

function taken(tag: string, container: string, { name }: Repository, holder: RegistryImage): UserError {
  return new UserError("image/tag-immutable", `the tag ${tag} of ${name} is another image's, and it cannot be moved`, {
    details: [`It is ${holder.digest}, and the image of ${container} has been built anew.`],
    hint: "deploy with another --tag",
  });
}
