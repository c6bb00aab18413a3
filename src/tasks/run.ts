import { Command } from "commander";
import { complaints } from "../config.js";
import { CannotStart, NotNow, Problem } from "../errors.js";
import { closeDatabase } from "../stores/database.js";
import { backup, backups, restore } from "./backup.js";
import { doctor } from "./doctor.js";
import { populate } from "./populate.js";
import { user } from "./user.js";

const program = new Command("npm run task --")
  .description("The administrator's command line")
  .addCommand(user)
  .addCommand(backup)
  .addCommand(backups)
  .addCommand(restore)
  .addCommand(doctor)
  .addCommand(populate);

try {
  // What is wrong with the settings, the doctor says among the rest.
  if (complaints && process.argv[2] !== "doctor") throw new CannotStart(complaints);
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Problem || error instanceof CannotStart ? error.message : error);
  process.exitCode = error instanceof NotNow ? NotNow.exitCode : 1;
} finally {
  await closeDatabase();
}
