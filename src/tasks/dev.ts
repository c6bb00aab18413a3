import { spawn } from "node:child_process";
import { once } from "node:events";
import { developmentEnvironment, root } from "../config.js";

// npm run dev: the server with reload, on a database of its own with sample people to log in as.
const options = { cwd: root, env: developmentEnvironment(), stdio: "inherit" } as const;

const seeding = spawn(process.execPath, ["--import", "tsx", "prisma/seed.ts"], options);
const [code] = await once(seeding, "exit");
if (code !== 0) process.exit(code);

const server = spawn(process.execPath, ["--watch", "--import", "tsx", "src/server.ts"], options);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
await once(server, "exit");
