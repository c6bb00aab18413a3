import { type Request, type Response, Router } from "express";
import { modelName } from "../../generator/catalogue.js";
import type { MessageView } from "../../helpers/message-view.js";
import { downloadName } from "../../lib/download-names.js";
import { isPicture } from "../../lib/file-text.js";
import { currentUser } from "../../middleware/authentication.js";
import { asDownload, sendParts } from "../../middleware/downloads.js";
import { fragment } from "../../middleware/pages.js";
import * as transfer from "../../models/conversations/transfer.js";
import * as files from "../../models/files.js";
import * as messages from "../../models/messages.js";
import { json } from "../../transfer/out/json.js";
import { markdown } from "../../transfer/out/markdown.js";
import { viewOf } from "./articles.js";

export const exportRoutes = Router({ mergeParams: true });

// A page of a few megabytes opens and can be mailed; what is larger is named.
const LARGEST_PICTURE_BYTES = 500_000;
const MOST_PICTURE_BYTES = 5_000_000;

type ExportRequest = Request<{ id: string }>;
/** Where the bytes of a picture are had from; null: it is only named. */
type SourceOf = (file: files.ShownFile) => string | null | Promise<string | null>;

interface Look {
  conversation: transfer.Leaving;
  thoughts: "folded" | "open" | "none";
  sourceOf: SourceOf;
}

exportRoutes.get("/export.md", showMarkdown);
exportRoutes.get("/export.json", showJson);
exportRoutes.get("/export.html", showHtml);
exportRoutes.get("/print", showPrint);

/** The branch that is read, for people. */
async function showMarkdown(request: ExportRequest, response: Response) {
  const { conversation, branch } = await readingOf(request);
  const name = `${downloadName(conversation.title)}.md`;

  asDownload(response, { name, type: "text/markdown; charset=utf-8" });
  await sendParts(response, markdown(conversation, transfer.messagesAmong(branch), modelName));
}

/** All there is, for programs. */
async function showJson(request: ExportRequest, response: Response) {
  const conversation = await transfer.find(currentUser(request).id, request.params.id);
  const name = `${downloadName(conversation.title)}.json`;

  asDownload(response, { name, type: "application/json; charset=utf-8" });
  await sendParts(response, json(conversation, transfer.messagesOf(conversation.id)));
}

/** The branch that is read as one file that any browser opens. */
async function showHtml(request: ExportRequest, response: Response) {
  const { conversation, branch } = await readingOf(request);
  const name = `${downloadName(conversation.title)}.html`;

  asDownload(response, { name, type: "text/html; charset=utf-8" });
  await sendParts(
    response,
    transcript(request, "chat/exports", branch, {
      conversation,
      thoughts: "folded",
      sourceOf: withinBounds(),
    }),
  );
}

/** The same as a page that prints well, however long the conversation is; with the model's thoughts where one wishes. */
async function showPrint(request: ExportRequest, response: Response) {
  const { conversation, branch } = await readingOf(request);
  const thoughts = request.query.thoughts === "on" ? "open" : "none";

  response.set("Cache-Control", "no-store").type("html");
  await sendParts(
    response,
    transcript(request, "chat/print", branch, {
      conversation,
      thoughts,
      sourceOf: ({ id }) => `/files/${id}/picture`,
    }),
  );
}

async function readingOf(request: ExportRequest) {
  const { id: userId } = currentUser(request);
  const { id } = request.params;
  const conversation = await transfer.find(userId, id);
  return { conversation, branch: await transfer.branchOf(userId, id) };
}

function withinBounds(): SourceOf {
  let left = MOST_PICTURE_BYTES;

  return (file) => {
    if (file.bytes > Math.min(left, LARGEST_PICTURE_BYTES)) return null;
    left -= file.bytes;
    return files.asDataUrl(file);
  };
}

async function* transcript(
  request: Request,
  folder: string,
  branch: number[],
  { conversation, thoughts, sourceOf }: Look,
) {
  yield fragment(request, `${folder}/_opening`, { conversation, thoughts });

  for (const ids of transfer.portions(branch)) {
    for (const row of await messages.findMany(ids)) {
      const message = await viewOf(currentUser(request).id, row);
      const attached = await withSources(message, row, sourceOf);
      const author = modelName(row.model);
      yield fragment(request, "chat/exports/_message", {
        message,
        author,
        thoughts,
        files: attached,
      });
    }
  }
  yield fragment(request, `${folder}/_closing`, {});
}

async function withSources(message: MessageView, row: messages.Shown, sourceOf: SourceOf) {
  const sources = row.files.map((file) => (isPicture(file.kind) ? sourceOf(file) : null));
  const found = await Promise.all(sources);
  return message.files.map((file, index) => ({ ...file, source: found[index] ?? null }));
}
