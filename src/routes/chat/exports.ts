import { type Request, type Response, Router } from "express";
import { modelName } from "../../generator/catalogue.js";
import { downloadName } from "../../lib/download-names.js";
import { currentUser } from "../../middleware/authentication.js";
import { asDownload, sendParts } from "../../middleware/downloads.js";
import { fragment } from "../../middleware/pages.js";
import * as transfer from "../../models/conversations/transfer.js";
import * as messages from "../../models/messages.js";
import { json } from "../../transfer/out/json.js";
import { markdown } from "../../transfer/out/markdown.js";
import { viewOf } from "./articles.js";

export const exportRoutes = Router({ mergeParams: true });

type ExportRequest = Request<{ id: string }>;

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
  await sendParts(response, transcript(request, "chat/exports", conversation, branch));
}

/** The same as a page that prints well, however long the conversation is. */
async function showPrint(request: ExportRequest, response: Response) {
  const { conversation, branch } = await readingOf(request);

  response.set("Cache-Control", "no-store").type("html");
  await sendParts(response, transcript(request, "chat/print", conversation, branch));
}

async function readingOf(request: ExportRequest) {
  const { id: userId } = currentUser(request);
  const { id } = request.params;
  const conversation = await transfer.find(userId, id);
  return { conversation, branch: await transfer.branchOf(userId, id) };
}

async function* transcript(
  request: Request,
  folder: string,
  conversation: transfer.Leaving,
  branch: number[],
) {
  yield fragment(request, `${folder}/_opening`, { conversation });

  for (const ids of transfer.portions(branch)) {
    for (const row of await messages.findMany(ids)) {
      const message = await viewOf(currentUser(request).id, row);
      yield fragment(request, "chat/exports/_message", { message, author: modelName(row.model) });
    }
  }
  yield fragment(request, `${folder}/_closing`, {});
}
