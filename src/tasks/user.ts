import { Command } from "commander";
import { config } from "../config.js";
import { httpAddress } from "../lib/text.js";
import * as passwordResets from "../models/password-resets.js";
import * as users from "../models/users.js";
import { openStorage } from "./storage.js";

export const user = new Command("user").description("See and change accounts");

user.hook("preAction", openStorage);
user.command("list").description("everybody, with role and state").action(list);
user.command("promote <name>").description("make an administrator").action(promote);
user.command("demote <name>").description("make an ordinary person").action(demote);
user.command("suspend <name>").description("lock out, at once and everywhere").action(suspend);
user.command("restore <name>").description("let in again").action(restore);
user
  .command("reset-link <name>")
  .description("a link to set a new password, once")
  .action(resetLink);

async function list() {
  const rows = (await users.list()).map((row) => ({
    name: row.username,
    role: row.administrator ? "administrator" : "member",
    state: row.suspendedAt ? "suspended" : "active",
    conversations: row._count.conversations,
    since: row.createdAt.toISOString().slice(0, 10),
  }));

  if (rows.length > 0) console.table(rows);
  else console.log("There is no account yet. The first to register becomes the administrator.");
}

async function promote(name: string) {
  await users.promote(name);
  console.log(`${name} is an administrator now.`);
}

async function demote(name: string) {
  await users.demote(name);
  console.log(`${name} is an ordinary person now.`);
}

async function suspend(name: string) {
  await users.suspend(name);
  console.log(`${name} is locked out, and what was being written for them stops.`);
}

async function restore(name: string) {
  await users.restore(name);
  console.log(`${name} may log in again.`);
}

async function resetLink(name: string) {
  const token = await passwordResets.create(name);
  const origin = config.publicUrl ?? httpAddress(config.host, config.port);
  console.log(`Give this to ${name}. It works once, within the next hour:`);
  console.log(`${origin}/password-resets/${token}`);
}
