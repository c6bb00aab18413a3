import { type Request, type Response, Router } from "express";
import { config } from "../../../config.js";
import type { Problem } from "../../../errors.js";
import { LONGEST_TITLE } from "../../../forms/conversation.js";
import { type Refused, refuse } from "../../../forms/form.js";
import { readRowId } from "../../../forms/paging.js";
import { KEPT, shareForm } from "../../../forms/share.js";
import { firstWords } from "../../../lib/text.js";
import { t } from "../../../lib/texts.js";
import { currentUser } from "../../../middleware/authentication.js";
import { showingAgain } from "../../../middleware/errors.js";
import { rateLimits } from "../../../middleware/rate-limits.js";
import { noteSecurity } from "../../../middleware/security-events.js";
import { handOver, requireSharing } from "../../../middleware/sharing.js";
import { requireStorage } from "../../../middleware/storage.js";
import * as shares from "../../../models/shares.js";
import { choiceOf } from "./choice.js";

export const sharingRoutes = Router({ mergeParams: true });

type SharingRequest = Request<{ conversationId: string }>;

sharingRoutes.use(requireSharing);
sharingRoutes.get("/new", blank);
sharingRoutes.post("/", requireStorage, rateLimits.question, create);
// The address of a refused form, opened again.
sharingRoutes.get("/", blank);
sharingRoutes.use(showingAgain(showAgain));

async function blank(request: SharingRequest, response: Response) {
  await show(request, response, null);
}

async function create(request: SharingRequest, response: Response) {
  const form = shareForm(request.body, config.passwords.minLength);
  if (!form.ok) {
    response.status(422);
    return show(request, response, form);
  }

  const { conversationId } = request.params;
  const share = await shares.create(currentUser(request).id, conversationId, form.value);
  noteSecurity(request, "shared", { share: share.id });
  handOver(response, share);
  response.redirect(303, `/account/shares/${share.id}`);
}

async function showAgain(request: SharingRequest, response: Response, problem: Problem) {
  await show(request, response, refuse(request.body, KEPT, { form: problem.message }));
}

async function show(request: SharingRequest, response: Response, refused: Refused | null) {
  const { conversationId } = request.params;
  const before = readRowId(request.query.before ?? request.body?.before);
  const place = { conversationId, through: null, before };
  const choice = await choiceOf(request, place, () => true);
  const values = { title: firstWords(choice.title, LONGEST_TITLE), days: "30" };

  await response.page("chat/shares/new", {
    ...{ title: t("Share"), openId: conversationId, conversationId, choice },
    form: refused ?? { values, errors: {} },
    passwordMinLength: config.passwords.minLength,
  });
}
