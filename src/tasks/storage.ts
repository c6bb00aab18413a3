import * as users from "../models/users.js";
import { openDatabase } from "../stores/database.js";
import { migrate } from "../stores/migrations.js";
import { openSecrets } from "../stores/secrets.js";

/** What a task needs before it may use the models; it may run beside a server, so it takes no lock. */
export async function openStorage() {
  await migrate();
  await openDatabase();
  openSecrets(!(await users.isEmpty()));
}
