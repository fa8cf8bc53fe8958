import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";

let loaded: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
const database = () => (loaded ??= loadAwsServiceSpecSync());

const lookUp = (name: string) => database().lookup("resource", "cloudFormationType", "equals", name)[0];

type Resource = NonNullable<ReturnType<typeof lookUp>>;
export type ResourceProperties = Resource["properties"];
export type PropertyType = ResourceProperties[string]["type"];

const known = new Map<string, Resource | undefined>();

/** A resource type as CloudFormation publishes it; undefined when there is none of this name. */
export function resourceType(name: string): Resource | undefined {
  if (!known.has(name)) known.set(name, lookUp(name));
  return known.get(name);
}

/** The members of a property that is an object of its own type. */
export function membersOf(type: Extract<PropertyType, { type: "ref" }>): ResourceProperties {
  return database().get("typeDefinition", type.reference).properties;
}

/** A custom resource: its function decides what it takes and gives. */
export function isCustom(type: string): boolean {
  return type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";
}

/** What `Fn::GetAtt` gives: a type, or undefined for an attribute that the resource does not have. */
export function attributeType(type: string, attribute: string): PropertyType | undefined {
  if (isCustom(type)) return { type: "json" };
  if (type === "AWS::CloudFormation::Stack" && attribute.startsWith("Outputs.")) return { type: "string" };
  return resourceType(type)?.attributes[attribute]?.type;
}
