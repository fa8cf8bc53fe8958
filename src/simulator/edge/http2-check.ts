import { type IncomingHttpHeaders, connect, constants } from "node:http2";

/** Asks for a path with HTTP/2, without TLS by prior knowledge. @returns the status; with `call`, that of gRPC, which
 *  comes with or after the headers; undefined when there was none before the connection or `signal` ended it */
export function askHttp2(
  authority: string,
  path: string,
  call: boolean,
  signal: AbortSignal,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const session = connect(authority, { rejectUnauthorized: false });
    const end = (status: number | undefined) => {
      resolve(status);
      session.destroy();
    };
    const abort = () => end(undefined);
    signal.addEventListener("abort", abort);
    session.on("error", abort);
    session.on("close", () => {
      signal.removeEventListener("abort", abort);
      abort();
    });
    if (signal.aborted) return abort();
    const stream = session.request(
      {
        [constants.HTTP2_HEADER_METHOD]: call ? "POST" : "GET",
        [constants.HTTP2_HEADER_PATH]: path,
        "user-agent": "ELB-HealthChecker/2.0",
        ...(call && { "content-type": "application/grpc", te: "trailers" }),
      },
      { endStream: true },
    );
    const heard = (headers: IncomingHttpHeaders) => {
      const status = headers[call ? "grpc-status" : constants.HTTP2_HEADER_STATUS];
      if (status !== undefined) end(Number(status));
    };
    stream.on("response", heard);
    stream.on("trailers", heard);
    stream.on("error", abort);
    stream.on("close", abort);
    stream.resume();
  });
}
