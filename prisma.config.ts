import path from "node:path";
import dotenv from "dotenv";
import { defineConfig } from "prisma/config";

const root = import.meta.dirname;

dotenv.config({ path: path.join(root, ".env"), quiet: true });
process.env.CHECKPOINT_DISABLE ??= "1";

// Prisma would download its native engine; ours comes with the npm packages. Windows cannot start
// a script as a program, so there the download stays.
if (process.platform !== "win32") {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.join(root, "prisma/schema-engine.js");
  // The engine finds Node in PATH, and it has to be the one that better-sqlite3 was built for.
  process.env.PATH = path.dirname(process.execPath) + path.delimiter + process.env.PATH;
}

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations", seed: "node --import tsx prisma/seed.ts" },
  datasource: { url: databaseUrl() },
  // The full-text index and the tables behind it are made by a migration, and are none of the schema's.
  experimental: { externalTables: true },
  tables: {
    external: [
      ...["Search", "Search_config", "Search_data", "Search_docsize", "Search_idx"],
      "SearchTerm",
    ],
  },
});

// A relative path starts here, as in src/config.ts, wherever the command was given.
function databaseUrl(): string {
  const url = process.env.DATABASE_URL || "file:./data/aifacade.db";
  return url.replace(/^file:(.+)$/, (_, file) => `file:${path.resolve(root, file)}`);
}
