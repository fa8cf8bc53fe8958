import type { StackFacts } from "./facts.ts";
import { sub } from "./intrinsics.ts";
import type { Resource, Template } from "./template.ts";

/** The template with the application's permissions boundary on every role, where the application has one. Roles of a
 *  user's own addons are in templates of their own, and the user's. */
export function withPermissionsBoundary(template: Template, { permissionsBoundary }: Partial<StackFacts>): Template {
  if (permissionsBoundary === undefined) return template;
  const boundary = sub(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${permissionsBoundary}`);
  const bounded = (resource: Resource): Resource =>
    resource.Type === "AWS::IAM::Role"
      ? { ...resource, Properties: { ...resource.Properties, PermissionsBoundary: boundary } }
      : resource;
  const resources = Object.entries(template.Resources).map(([id, resource]) => [id, bounded(resource)] as const);
  return { ...template, Resources: Object.fromEntries(resources) };
}
