import { once } from "node:events";
import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import net from "node:net";

/** An answer to a request that no browser would send. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface RawRequest {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

/** Sends a path as it is written, with any method and any Host: fetch would tidy them up. */
export async function send(
  url: string,
  path: string,
  { method = "GET", headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const request = http.request({ hostname, port, path, method, headers, agent: false });
  request.end(body);

  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const text = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** Writes bytes to the server and reads until it hangs up: all that it answered. */
export async function sendBytes(url: string, bytes: string | Buffer, withinMs = 5000) {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.setTimeout(withinMs, () => socket.destroy());
  socket.on("error", () => {});
  socket.write(bytes);

  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await once(socket, "close");
  return answer;
}
