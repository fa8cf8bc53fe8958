import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished, vi } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import { explain } from "../../../../src/providers/aws/explain.ts";
import { AwsSession } from "../../../../src/providers/aws/session.ts";

/** What the server answers to one request; `reset` breaks off the connection. */
export type Answer = { status?: number; type?: string; body?: string; headers?: Record<string, string> } | "reset";

export interface Answering {
  url: string;
  /** How many requests have come in. */
  count(): number;
  session: AwsSession;
}

const keys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  sessionToken: `IQoJb3JpZ2luX2VjE${"Aa0/".repeat(20)}`,
};

/** A server that gives these answers, the last one again and again, and a session whose clients ask it and do not wait
 *  between attempts. */
export async function answering(answers: Answer[], { region = "eu-west-1" } = {}): Promise<Answering> {
  let count = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(count++, answers.length - 1)] ?? "reset";
    request.resume().on("end", () => {
      if (answer === "reset") return request.socket.destroy();
      const { status = 200, type = "text/xml", body = "", headers } = answer;
      return response.writeHead(status, { "content-type": type, ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("AWS_ENDPOINT_URL", url);
  const session = new AwsSession({ region, credentials: async () => keys, random: () => 0 });
  onTestFinished(() => {
    vi.unstubAllEnvs();
    session.close();
    server.closeAllConnections();
    server.close();
  });
  return { url, count: () => count, session };
}

/** What the user sees of a failure, in lines. */
export async function told(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    (answer) => new Error(`succeeded: ${JSON.stringify(answer)}`),
    (failure: unknown) => explain(failure),
  );
  if (!(error instanceof UserError)) return `no UserError: ${String(error)}`;
  const { code, message, hint, details } = error;
  return [`${code}  ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`]), ...details].join("\n");
}

/** Errors as AWS's protocols write them: JSON 1.0/1.1, query, EC2's own, REST XML. */
export const wire = {
  json: (name: string, message?: string, status = 400): Answer => ({
    status,
    type: "application/x-amz-json-1.1",
    body: JSON.stringify({ __type: name, ...(message !== undefined && { message }) }),
  }),
  query: (code: string, message: string, status = 400): Answer => ({
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
  }),
  ec2: (code: string, message: string, status = 403): Answer => ({
    status,
    body: `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`,
  }),
  rest: (code: string, message: string, status = 403): Answer => ({
    status,
    type: "application/xml",
    body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`,
  }),
};
