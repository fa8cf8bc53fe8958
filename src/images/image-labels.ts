/** What an image says of how it was made. A container inherits these, so they share no name with a container's own.
 *  @param repository in which it is tagged: `app/service` */
export function imageLabels(container: string, version: string, repository: string): Record<string, string> {
  return {
    "pilotfish.image.builder": "pilotfish",
    "pilotfish.image.builder.version": version,
    "pilotfish.image.container.name": container,
    "pilotfish.image.repository": repository,
  };
}
