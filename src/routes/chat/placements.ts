import { type Request, type Response, Router } from "express";
import { folderForm } from "../../forms/folder.js";
import type { Refused } from "../../forms/form.js";
import { readRowId } from "../../forms/paging.js";
import { readSelection } from "../../forms/selection.js";
import { safePath } from "../../forms/sign-in.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { resultOf } from "../../middleware/refusals.js";
import * as conversations from "../../models/conversations.js";
import * as folders from "../../models/folders.js";

export const placementRoutes = Router();

const OUT = "none";

placementRoutes.get("/new", blank);
placementRoutes.post("/", create);

/** Asks into which folder the chosen conversations are to be put. */
async function blank(request: Request, response: Response) {
  await show(request, response, request.query, { values: {}, errors: {} });
}

/** Puts conversations into a folder, into a new one, or out of theirs. */
async function create(request: Request, response: Response) {
  const { folder: chosen } = request.body ?? {};

  if (chosen === OUT) {
    await put(request, response, null);
  } else if (chosen !== undefined) {
    const folder = await folders.find(currentUser(request).id, readRowId(chosen) ?? 0);
    await put(request, response, folder.id);
  } else {
    await createFolder(request, response);
  }
}

async function createFolder(request: Request, response: Response) {
  const made = await resultOf(folderForm(request.body), "name", response, ({ name }) =>
    folders.create(currentUser(request).id, name),
  );

  if (made.ok) await put(request, response, made.value.id);
  else await show(request, response, request.body, made);
}

async function put(request: Request, response: Response, folderId: number | null) {
  const { ids } = readSelection(request.body);
  const count = await conversations.putInto(currentUser(request).id, folderId, ids);
  const said = folderId === null ? "takenOutOfFolder" : "putIntoFolder";

  flash(response, count > 0 ? said : "noneChosen");
  response.redirect(303, backFrom(request.body, ids));
}

async function show(request: Request, response: Response, input: unknown, form: Refused) {
  const { id: userId } = currentUser(request);
  const { ids } = readSelection(input);
  const chosen = await conversations.findMany(userId, ids);
  const back = backFrom(input, ids);

  if (chosen.length === 0) {
    flash(response, "noneChosen");
    return response.redirect(303, back);
  }
  await response.page("chat/placements/new", {
    title: t("Put into a folder"),
    chosen,
    folders: await folders.all(userId),
    isAnyInside: chosen.some(({ folderId }) => folderId !== null),
    out: OUT,
    back,
    form,
  });
}

// One conversation is chosen on its own page, several in a list.
function backFrom(input: unknown, ids: string[]): string {
  const { back } = (input ?? {}) as { back?: unknown };
  return safePath(back || (ids.length === 1 ? `/conversations/${ids[0]}` : "/conversations"));
}
