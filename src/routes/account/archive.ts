import { type Request, type Response, Router } from "express";
import { modelName } from "../../generator/catalogue.js";
import { downloadName } from "../../lib/download-names.js";
import { zip } from "../../lib/zip.js";
import { currentUser } from "../../middleware/authentication.js";
import { asDownload, sendParts } from "../../middleware/downloads.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { everythingOf, inTurn, type Listed } from "../../transfer/out/archive.js";

export const archiveDownloadRoutes = Router();

const ROWS_AT_ONCE = 100;

archiveDownloadRoutes.get("/", rateLimits.archive, show);

/** Everything of mine as one file. */
async function show(request: Request, response: Response) {
  const { id, username } = currentUser(request);
  const today = new Date().toISOString().slice(0, 10);
  const look = { nameOf: modelName, index: (listed: Listed[]) => index(request, listed) };

  await inTurn(id, async () => {
    noteSecurity(request, "exported");
    asDownload(response, {
      name: `AIFacade ${downloadName(username)} ${today}.zip`,
      type: "application/zip",
    });
    await sendParts(response, zip(everythingOf(id, look)));
  });
}

async function* index(request: Request, listed: Listed[]) {
  yield fragment(request, "account/archive/_opening", { total: listed.length });

  for (let from = 0; from < listed.length; from += ROWS_AT_ONCE) {
    const items = listed.slice(from, from + ROWS_AT_ONCE);
    yield fragment(request, "account/archive/_items", { items });
  }
  yield fragment(request, "account/archive/_closing", {});
}
