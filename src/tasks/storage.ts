import * as users from "../models/users.js";
import { openDatabase } from "../stores/database.js";
import { releaseLock, takeLock } from "../stores/lock.js";
import { migrate, pendingMigrations } from "../stores/migrations.js";
import { openSecrets } from "../stores/secrets.js";

/** What a task needs before it may use the models; it may run beside a server, but not migrate beside it. */
export async function openStorage() {
  if (pendingMigrations().length > 0) await migrateAlone();
  await openDatabase();
  openSecrets(!(await users.isEmpty()));
}

async function migrateAlone() {
  takeLock();
  try {
    await migrate();
  } finally {
    releaseLock();
  }
}
