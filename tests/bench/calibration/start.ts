import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { useOf } from "../support/process.js";

const BARE = `
  import express from "express";
  const server = express().listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** How long Node and Express take until they listen, with nothing else. */
export async function bareStartMs(): Promise<number> {
  const startedAt = performance.now();
  const child = await bare();
  const ms = performance.now() - startedAt;
  child.kill();
  await once(child, "exit");
  return ms;
}

/** What Node and Express hold at rest, with nothing else. */
export async function bareResidentMb(settleMs: number): Promise<number> {
  const child = await bare();
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const { residentMb } = useOf(child.pid);
  child.kill();
  await once(child, "exit");
  return residentMb;
}

async function bare(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", BARE], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}
