/** What an image says of itself, in Docker's words. */
export interface ImagePlatform {
  Os: string;
  Architecture: string;
  Variant?: string;
}

/** Whether an image is for the platform asked for (`linux/amd64`, `linux/arm/v7`). Other names of an architecture count
 *  as the same; a variant counts where both sides name one. */
export function isForPlatform(image: ImagePlatform, asked: string): boolean {
  const [os = "", architecture = "", variant] = asked.toLowerCase().split("/");
  if (image.Os !== os || canonical(image.Architecture) !== canonical(architecture)) return false;
  return canonical(architecture) !== "arm" || !variant || !image.Variant || variant === image.Variant;
}

/** As one writes it: `linux/arm64`. */
export function platformOf(image: ImagePlatform): string {
  return [image.Os, image.Architecture, image.Variant].filter(Boolean).join("/");
}

const otherNames: Record<string, string> = { x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64", armhf: "arm" };

function canonical(architecture: string): string {
  return otherNames[architecture] ?? architecture;
}
