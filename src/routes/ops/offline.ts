import path from "node:path";
import { type Request, type Response, Router } from "express";
import { root } from "../../config.js";
import { t } from "../../lib/texts.js";

export const offlineRoutes = Router();

offlineRoutes.get("/service-worker.js", worker);
offlineRoutes.get("/offline", show);

// From the root, so that it is there for every page; a browser asks each day whether it has changed.
function worker(_request: Request, response: Response) {
  response.set("Cache-Control", "no-cache");
  response.sendFile("service-worker.js", { root: path.join(root, "public") });
}

/** What a browser keeps to show when it cannot reach us: nobody's page. */
async function show(_request: Request, response: Response) {
  await response.page("ops/offline/show", { title: t("No connection") });
}
