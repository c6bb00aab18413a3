import { existsSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { config } from "../config.js";
import { spokenBytes } from "../lib/spoken.js";
import { counted } from "../lib/text.js";
import { peek } from "../stores/backups/archive.js";
import { restore as putBack } from "../stores/backups/restore.js";
import { backUp, backups as found } from "../stores/backups.js";

export const backup = new Command("backup")
  .description("back up database and secrets, beside a running server")
  .action(make);

export const backups = new Command("backups").description("list the backups").action(list);

export const restore = new Command("restore")
  .argument("<archive>", "a file that `backups` lists")
  .description("put a backup in the place of the database; what was there is kept")
  .action(replace);

async function make() {
  const { file, bytes } = await backUp();
  console.log(`Backed up, restored aside and checked: ${file} (${spokenBytes(bytes)}).`);
  if (config.secrets.session || config.secrets.pepper)
    console.log("The secrets that you have set yourself are not in it: keep them with it.");
}

function list() {
  const rows = found().map(({ file, madeAt, bytes, before }) => {
    const manifest = peek(file);
    return {
      when: madeAt.toISOString().replace("T", " ").slice(0, 16),
      size: spokenBytes(bytes),
      version: manifest?.app ?? "cannot be read",
      schema: manifest?.migrations.at(-1) ?? "",
      why: before ? `before ${before}` : "",
      file: path.basename(file),
    };
  });

  console.log(`Backups in ${config.backups.folder}; times are UTC:`);
  if (rows.length > 0) console.table(rows);
  else console.log("There is none yet. Make one with: npm run task -- backup");
}

async function replace(name: string) {
  const { manifest, replaced, hasSecrets } = await putBack(archiveNamed(name));
  const { User: people = 0, Message: messages = 0 } = manifest.rows;

  console.log(
    `The backup of ${manifest.madeAt} is in place (${counted(people, "account")}, ${counted(messages, "message")}).`,
  );
  if (replaced) console.log(`What was there before is kept in ${replaced}.`);
  if (!hasSecrets)
    console.log(
      "It holds no secrets: set the SESSION_SECRET, PASSWORD_PEPPER and ENCRYPTION_SECRET of then.",
    );
  console.log("Start the server with: npm start");
}

function archiveNamed(name: string): string {
  const file = path.resolve(name);
  return existsSync(file) ? file : path.join(config.backups.folder, path.basename(name));
}
