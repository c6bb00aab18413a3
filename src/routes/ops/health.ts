import { type Request, type Response, Router } from "express";
import { isDatabaseReady } from "../../stores/database.js";
import { storageTrouble } from "../../stores/disk.js";
import { pendingMigrations } from "../../stores/migrations.js";

export const healthRoutes = Router();

healthRoutes.get("/healthz", alive);
healthRoutes.get("/readyz", ready);

function alive(_request: Request, response: Response) {
  response.type("text").send("ok");
}

// While the disk takes nothing new there is still all to read, so nobody is sent away: the words say it.
async function ready(_request: Request, response: Response) {
  const isReady = (await isDatabaseReady()) && isSchemaCurrent();
  const trouble = storageTrouble();
  response
    .status(isReady ? 200 : 503)
    .type("text")
    .send(isReady ? (trouble ? `read-only: ${trouble}` : "ok") : "not ready");
}

// A file that cannot be read, or was written by a newer version, is a reason too.
function isSchemaCurrent(): boolean {
  try {
    return pendingMigrations().length === 0;
  } catch {
    return false;
  }
}
