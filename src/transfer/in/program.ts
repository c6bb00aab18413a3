// A process of its own: whatever somebody's file does to the memory or the clock of it, the server goes on.
import { once } from "node:events";
import { read } from "./read.js";

const [, , file = "", staged = "", bytes, conversations] = process.argv;
const limits = { bytes: Number(bytes), conversations: Number(conversations) };

for await (const told of read(file, staged, limits)) {
  if (!process.stdout.write(`${JSON.stringify(told)}\n`)) await once(process.stdout, "drain");
}
