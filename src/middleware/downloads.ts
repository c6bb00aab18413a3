import { pipeline } from "node:stream/promises";
import type { Response } from "express";

interface Download {
  name: string;
  type: string;
}

/** Makes a response a file that a browser saves and never opens as a page of ours, whatever it holds. */
export function asDownload(response: Response, { name, type }: Download) {
  response.attachment(name);
  response.setHeader("Content-Type", type);
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
}

/** Sends what comes, no faster than it is read; the work ends with whoever goes away. */
export async function sendParts(response: Response, parts: AsyncIterable<string | Buffer>) {
  if (response.req.method === "HEAD") return response.end();

  try {
    await pipeline(parts, response);
  } catch (error) {
    if (!hasLeft(error)) throw error;
  }
}

function hasLeft(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE";
}
