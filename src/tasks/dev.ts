import { spawn } from "node:child_process";
import { once } from "node:events";
import { Command } from "commander";
import { seed } from "../../prisma/seed.js";
import { root } from "../config.js";
import { openStorage } from "./storage.js";

export const dev = new Command("dev")
  .description("the server with reload, and sample people to log in as")
  .action(run);

async function run() {
  await openStorage();
  await seed();

  const child = spawn(process.execPath, ["--watch", "--import", "tsx", "src/server.ts"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "development" },
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  await once(child, "exit");
}
