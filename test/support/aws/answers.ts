import { type StructureSchema, operationsOf } from "./operation.ts";
import type { AwsAnswer, AwsCall } from "./front.ts";
import { modelProblems } from "../aws-model.ts";

/** How a service speaks. Source: Smithy's specification of AWS protocols. */
export type Protocol = "json" | "rest-json" | "query" | "ec2" | "rest-xml";

export function protocolOf({ service, request: { headers } }: AwsCall): Protocol {
  if (headers["x-amz-target"] !== undefined) return "json";
  if (service === "ec2") return "ec2";
  if (String(headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) return "query";
  return ["s3", "route53", "cloudfront"].includes(service) ? "rest-xml" : "rest-json";
}

export interface AwsError {
  /** As it goes over the wire: `ThrottlingException`, `Throttling`. */
  code: string;
  message: string;
  status: number;
}

const requestId = "3f6c8d0e-5a0b-4f0e-9d3c-7f1c2a9b6e55";

/** An error in the words of the service's protocol. */
export function errorAnswer(call: AwsCall, { code, message, status }: AwsError): AwsAnswer {
  const protocol = protocolOf(call);
  if (protocol === "json" || protocol === "rest-json") {
    const body = JSON.stringify({ __type: code, message, Message: message });
    return answer(status, `application/${protocol === "json" ? "x-amz-json-1.1" : "json"}`, body, {
      "x-amzn-errortype": code,
    });
  }
  const error = `<Code>${xml(code)}</Code><Message>${xml(message)}</Message>`;
  if (protocol === "ec2") {
    const errors = `<Errors><Error>${error}</Error></Errors>`;
    return answer(status, "text/xml", `<Response>${errors}<RequestID>${requestId}</RequestID></Response>`);
  }
  if (call.service === "s3") return answer(status, "application/xml", `<Error>${error}</Error>`);
  const type = `<Type>${status < 500 ? "Sender" : "Receiver"}</Type>`;
  const body = `<ErrorResponse><Error>${type}${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
  return answer(status, "text/xml", body);
}

/** What an operation answers, checked against the SDK's model of it. @throws when it does not fit */
export function outputAnswer(call: AwsCall, output: Record<string, unknown>): AwsAnswer {
  const operation = operationsOf(call.service).find(([, , name]) => name === call.action);
  if (operation === undefined) throw new Error(`the SDK knows no ${call.name}`);
  const schema = operation[5]();
  const problems = modelProblems(schema, output);
  if (problems.length > 0) throw new Error(`${call.name} answers something else: ${problems.join("; ")}`);
  const protocol = protocolOf(call);
  if (protocol === "json" || protocol === "rest-json") {
    const body = JSON.stringify(output, function epoch(this: Record<string, unknown>, key: string, value: unknown) {
      const given = this[key];
      return given instanceof Date ? given.getTime() / 1000 : value;
    });
    return answer(200, `application/${protocol === "json" ? "x-amz-json-1.1" : "json"}`, body);
  }
  if (protocol !== "query") throw new Error(`answers of ${call.service} cannot be written in ${protocol} yet`);
  const { action } = call;
  const result = `<${action}Result>${asXml(schema, output)}</${action}Result>`;
  const about = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return answer(200, "text/xml", `<${action}Response>${result}${about}</${action}Response>`);
}

type Named = [kind: number, namespace: string, name: string, traits: unknown, first: unknown, second: unknown];

/** Members of lists are called `member`, entries of maps `entry`, as in the query protocol. */
function asXml(schema: unknown, value: unknown): string {
  if (typeof schema === "function") return asXml((schema as () => unknown)(), value);
  if (Array.isArray(schema) && schema.length === 2) return asXml(schema[0], value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    const item = Array.isArray(schema) ? (schema as Named)[4] : undefined;
    return value.map((each) => `<member>${asXml(item, each)}</member>`).join("");
  }
  if (typeof value !== "object" || value === null) return xml(String(value));
  const [, , , , members, schemas] = schema as unknown as StructureSchema;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `<${key}>${asXml(schemas[members.indexOf(key)], each)}</${key}>`)
    .join("");
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function answer(status: number, type: string, text: string, more: Record<string, string> = {}): AwsAnswer {
  const headers = { "content-type": type, "x-amzn-requestid": requestId, ...more };
  return { status, headers, body: Buffer.from(text) };
}
