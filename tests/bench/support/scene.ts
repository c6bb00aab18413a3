import path from "node:path";
import type { UpstreamVerbs } from "../upstream.js";
import { type Prepared, prepare, type Sizes } from "./database.js";
import { type Server, startServer } from "./server.js";
import { startWorker, type Worker } from "./worker.js";

/** The real server on a database of its own, in front of a fake upstream. */
export interface Scene extends Prepared {
  server: Server;
  upstream: Worker<UpstreamVerbs>;
  upstreamUrl: string;
}

const BENCH = path.join(import.meta.dirname, "..");

/** The file of a worker, by its path below tests/bench. */
export function workerFile(name: string): string {
  return path.join(BENCH, name);
}

/** Works in a fresh scene, and clears it away however that ends. */
export async function inScene<T>(
  work: (scene: Scene) => Promise<T>,
  { sizes, settings }: { sizes?: Sizes; settings?: Record<string, string> } = {},
): Promise<T> {
  const prepared = prepare(sizes);
  const upstream = startWorker<UpstreamVerbs>(workerFile("upstream.js"));
  const upstreamUrl = await upstream.ask("listen", undefined as never);
  const server = await startServer(upstreamUrl, prepared, settings);

  try {
    return await work({ ...prepared, server, upstream, upstreamUrl });
  } finally {
    await server.stop();
    await upstream.end();
  }
}
