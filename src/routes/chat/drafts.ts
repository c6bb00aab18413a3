import { type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { Problem } from "../../errors.js";
import { draftForm } from "../../forms/draft.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { requireStorage } from "../../middleware/storage.js";
import * as drafts from "../../models/drafts.js";

export const draftRoutes = Router();

const NONE = { text: "", version: "" };

draftRoutes.get("/", show);
draftRoutes.post("/", requireStorage, rateLimits.draft, save);

/** What is kept of what was typed, for a page that was open while somebody typed elsewhere. */
async function show(request: Request, response: Response) {
  const { conversation } = request.query;
  const conversationId = typeof conversation === "string" && conversation ? conversation : null;
  const draft = await drafts.find(currentUser(request).id, conversationId);
  response.json(draft ?? NONE);
}

async function save(request: Request, response: Response) {
  const form = draftForm(request.body, config.limits.promptCharacters);
  if (!form.ok) throw new Problem(422, Object.values(form.errors)[0] ?? t("This cannot be kept."));

  const { prompt, conversation, draft } = form.value;
  const place = { userId: currentUser(request).id, conversationId: conversation };
  response.json(await drafts.save(place, prompt, draft));
}
