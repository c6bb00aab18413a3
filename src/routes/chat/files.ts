import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Request, type Response, Router } from "express";
import { NotFound, Problem } from "../../errors.js";
import { filesOf, TOO_MANY_FILES } from "../../forms/message.js";
import { fileView } from "../../helpers/file-view.js";
import { MOST_FILES } from "../../lib/attached.js";
import { isPicture } from "../../lib/file-text.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import { refuseUnlessReceived } from "../../middleware/uploads.js";
import * as drafts from "../../models/drafts.js";
import * as files from "../../models/files.js";

export const fileRoutes = Router();

type FileRequest = Request<{ id: string }>;

const DAY_SECONDS = 86_400;
// Nothing of a file runs or is shown here, whatever it holds.
const INERT = "default-src 'none'; sandbox";

fileRoutes.post("/", create);
fileRoutes.get("/:id", show);
fileRoutes.get("/:id/picture", showPicture);
fileRoutes.delete("/:id", destroy);

/** Takes in files ahead of their question, and answers with what the composer shows of them. */
async function create(request: Request, response: Response) {
  refuseUnlessReceived(request);
  const received = await files.present(currentUser(request).id, filesOf(request.body));
  if (received.length === 0) throw new Problem(422, t("Choose a file."));

  await keepWithDraft(request, received);
  const html = received.map((file) =>
    fragment(request, "chat/files/_chosen", { file: fileView(file) }),
  );
  response.status(201).json({ html: html.join("") });
}

// For the question of a conversation, or of a new one; a version's are its form's alone.
async function keepWithDraft(request: Request, received: files.ShownFile[]) {
  const { conversation } = request.body;
  if (typeof conversation !== "string") return;

  const place = { userId: currentUser(request).id, conversationId: conversation || null };
  if (await drafts.keepFiles(place, received, MOST_FILES)) return;
  const ids = request.received?.ids ?? [];
  for (const id of ids) if (id) await files.discard(place.userId, id);
  throw new Problem(422, TOO_MANY_FILES);
}

/** A file as it was uploaded: always to be saved, and of no type that a browser would open. */
async function show(request: FileRequest, response: Response) {
  const file = await files.find(currentUser(request).id, request.params.id);

  response.attachment(file.name);
  response.type("application/octet-stream");
  await send(request, response, file);
}

/** A picture to look at, of the type that its first bytes say. */
async function showPicture(request: FileRequest, response: Response) {
  const file = await files.find(currentUser(request).id, request.params.id);
  if (!isPicture(file.kind)) throw new NotFound();

  response.type(`image/${file.kind}`);
  // It never changes, and logging out takes it from the browser.
  response.set("Cache-Control", `private, max-age=${DAY_SECONDS}, immutable`);
  await send(request, response, file);
}

async function send(request: FileRequest, response: Response, { id, bytes }: files.ShownFile) {
  response.set({ "Content-Length": String(bytes), "Content-Security-Policy": INERT });
  if (request.method === "HEAD") return void response.end();
  await pipeline(Readable.from(files.pieces(id)), response);
}

/** Takes back what was uploaded and not sent. */
async function destroy(request: FileRequest, response: Response) {
  await files.discard(currentUser(request).id, request.params.id);
  response.status(204).end();
}
