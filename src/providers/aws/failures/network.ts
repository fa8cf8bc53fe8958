import { UserError } from "../../../errors.ts";
import { isOnByDefault } from "../regions.ts";
import type { AwsCall } from "./calls.ts";
import { redact } from "./redact.ts";

/** Why the way to AWS is barred, in the words of Node's errors; undefined for an error of another kind. */
export function explainNetwork(error: Error, call: AwsCall): UserError | undefined {
  const { code = "", hostname, address, port } = rootOf(error);
  const host = hostname ?? (address === undefined ? "AWS" : `${address}${port === undefined ? "" : `:${port}`}`);
  const asked = `${call.service} in ${call.region}`;
  const refuse = (message: string, hint: string) => new UserError("aws/network", message, { hint, cause: error });

  if (code === "ENOTFOUND" && hostname?.includes(`.${call.region}.`) && !isOnByDefault(call.region))
    return new UserError(
      "aws/unknown-region",
      `no ${call.service} answers in ${call.region}: ${hostname} is not known`,
      {
        hint: "aws account list-regions --query 'Regions[].RegionName'",
        cause: error,
      },
    );
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return refuse(
      `${asked} cannot be reached: the name ${host} is not found`,
      "look at the network, then run it again",
    );
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EACCES|EADDRNOTAVAIL|ENETDOWN)$/.test(code))
    return refuse(`${asked} cannot be reached: ${host} refuses the connection (${code})`, endpointHint());
  if (code === "ERR_PROXY")
    return refuse(
      `${asked} cannot be reached: ${redact(error.message)}`,
      "see to HTTPS_PROXY and NO_PROXY, then run it again",
    );
  if (code === "EPROTO")
    return refuse(`${asked} cannot be asked: what answers there does not speak TLS`, endpointHint());
  if (code.startsWith("ERR_TLS") || /CERT|SELF_SIGNED|UNABLE_TO_/.test(code))
    return refuse(
      `${asked} cannot be asked: TLS fails (${redact(error.message.split("\n")[0] ?? code)})`,
      "export NODE_EXTRA_CA_CERTS=/path/to/ca.pem when a proxy signs with certificates of its own",
    );
  if (
    /^(ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE)$/.test(code) ||
    error.name === "TimeoutError"
  )
    return refuse(`${asked} broke off the connection while it was asked for ${call.operation}`, "run it again");
  return undefined;
}

interface NodeError {
  code?: string;
  hostname?: string;
  address?: string;
  port?: number;
}

/** Where a name has several addresses, Node tells of each. */
function rootOf(error: Error & NodeError): NodeError {
  const [first] = error instanceof AggregateError ? (error.errors as NodeError[]) : [];
  return first ?? error;
}

function endpointHint(): string {
  const set = ["AWS_ENDPOINT_URL", "HTTPS_PROXY", "https_proxy"].find((name) => process.env[name] !== undefined);
  return set === undefined
    ? "look at the network or the firewall, then run it again"
    : `${set} is set: see that something listens there, or unset ${set}`;
}
