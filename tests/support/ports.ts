import { once } from "node:events";
import { createServer } from "node:net";

// Below those that the system gives to whoever asks for any (32768 and up on Linux): nobody gets it by chance
// between this and its use.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
  const server = createServer().listen(port, "127.0.0.1");

  try {
    await once(server, "listening");
  } catch {
    return freePort();
  }
  server.close();
  await once(server, "close");
  return port;
}
