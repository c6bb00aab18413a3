import { type Request, type Response, Router } from "express";
import { NotFound, type Problem } from "../../../errors.js";
import { type Refused, refuse } from "../../../forms/form.js";
import { readRowId } from "../../../forms/paging.js";
import { KEPT_CHOICE, shareChoiceForm } from "../../../forms/share.js";
import { t } from "../../../lib/texts.js";
import { currentUser } from "../../../middleware/authentication.js";
import { showingAgain } from "../../../middleware/errors.js";
import { flash } from "../../../middleware/flash.js";
import { rateLimits } from "../../../middleware/rate-limits.js";
import { noteSecurity } from "../../../middleware/security-events.js";
import { requireSharing } from "../../../middleware/sharing.js";
import { requireStorage } from "../../../middleware/storage.js";
import * as shares from "../../../models/shares.js";
import { choiceOf } from "./choice.js";

export const shareVersionRoutes = Router({ mergeParams: true });

type ShareRequest = Request<{ id: string }>;

shareVersionRoutes.use(requireSharing);
shareVersionRoutes.get("/new", blank);
shareVersionRoutes.post("/", requireStorage, rateLimits.question, create);
// The address of a refused form, opened again.
shareVersionRoutes.get("/", blank);
shareVersionRoutes.use(showingAgain(showAgain));

async function blank(request: ShareRequest, response: Response) {
  await show(request, response, null);
}

/** The same link shows from now on what is chosen now. */
async function create(request: ShareRequest, response: Response) {
  const form = shareChoiceForm(request.body);
  if (!form.ok) {
    response.status(422);
    return show(request, response, form);
  }

  const { id } = request.params;
  await shares.renew(currentUser(request).id, id, form.value);
  noteSecurity(request, "shared", { share: id });
  flash(response, "shareRenewed");
  response.redirect(303, `/account/shares/${id}`);
}

async function showAgain(request: ShareRequest, response: Response, problem: Problem) {
  await show(request, response, refuse(request.body, KEPT_CHOICE, { form: problem.message }));
}

// What it shows already is chosen, and what was said after that.
async function show(request: ShareRequest, response: Response, refused: Refused | null) {
  const share = await shares.find(currentUser(request).id, request.params.id);
  if (share.ended || share.conversationId === null) throw new NotFound();

  const { conversationId } = share;
  const newest = Math.max(...share.messages);
  const before = readRowId(request.query.before ?? request.body?.before);
  const place = { conversationId, through: newest, before };
  const isChosen = (id: number) => id > newest || share.messages.includes(id);

  await response.page("chat/shares/versions/new", {
    ...{ title: t("Share anew"), openId: conversationId, share },
    choice: await choiceOf(request, place, isChosen),
    form: refused ?? {
      values: {
        reasoning: share.showsReasoning ? "on" : "",
        files: share.showsFiles ? "on" : "",
      },
      errors: {},
    },
  });
}
