import { type Request, type Response, Router } from "express";
import { folderForm } from "../../forms/folder.js";
import type { Refused } from "../../forms/form.js";
import { pageNumber, readRowId } from "../../forms/paging.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { resultOf } from "../../middleware/refusals.js";
import * as conversations from "../../models/conversations.js";
import * as folders from "../../models/folders.js";
import { pageLinks } from "./listing.js";

export const folderRoutes = Router();

type FolderRequest = Request<{ id: string }>;

folderRoutes.get("/", index);
folderRoutes.post("/", create);
folderRoutes.get("/:id", show);
folderRoutes.patch("/:id", update);
folderRoutes.delete("/:id", destroy);

async function index(request: Request, response: Response) {
  await showIndex(request, response, { values: {}, errors: {} });
}

async function create(request: Request, response: Response) {
  const { id: userId } = currentUser(request);
  const made = await resultOf(folderForm(request.body), "name", response, ({ name }) =>
    folders.create(userId, name),
  );

  if (made.ok) {
    flash(response, "folderMade");
    response.redirect(303, `/folders/${made.value.id}`);
  } else {
    await showIndex(request, response, made);
  }
}

async function show(request: FolderRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const folder = await folderOf(request);
  const found = await conversations.inFolder(userId, folder.id, pageNumber(request.query.page));
  await response.page("chat/folders/show", { title: folder.name, folder, page: pageLinks(found) });
}

async function update(request: FolderRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const folder = await folderOf(request);
  const renamed = await resultOf(folderForm(request.body), "name", response, ({ name }) =>
    folders.rename(userId, folder.id, name),
  );

  if (renamed.ok) {
    flash(response, "renamed");
    response.redirect(303, `/folders/${folder.id}`);
  } else {
    await response.page("chat/folders/edit", { title: t("Rename"), folder, form: renamed });
  }
}

async function destroy(request: FolderRequest, response: Response) {
  const { id } = await folderOf(request);
  await folders.destroy(currentUser(request).id, id);
  flash(response, "folderDeleted");
  response.redirect(303, "/folders");
}

async function showIndex(request: Request, response: Response, form: Refused) {
  const all = await folders.all(currentUser(request).id);
  await response.page("chat/folders/index", { title: t("Folders"), folders: all, form });
}

async function folderOf(request: FolderRequest): Promise<folders.Folder> {
  return folders.find(currentUser(request).id, readRowId(request.params.id) ?? 0);
}
