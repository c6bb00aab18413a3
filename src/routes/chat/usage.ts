import { type Request, type Response, Router } from "express";
import { pageNumber } from "../../forms/paging.js";
import { modelName } from "../../generator/catalogue.js";
import { messageView } from "../../helpers/message-view.js";
import { gapsIn, measureOf, ranked, spending } from "../../helpers/spending.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import * as conversations from "../../models/conversations.js";
import * as messages from "../../models/messages.js";
import * as usage from "../../models/usage.js";
import { pageLinks } from "./listing.js";

export const conversationUsageRoutes = Router({ mergeParams: true });

conversationUsageRoutes.get("/", show);

/** What a conversation came to, and each of its answers with what it read from the cache and why not more. */
async function show(request: Request<{ id: string }>, response: Response) {
  const { id: userId } = currentUser(request);
  const { id, title } = await conversations.find(userId, request.params.id);
  const entries = await usage.ofConversation(userId, id);
  const whole = usage.total(entries);
  const page = await usage.answersOf(userId, id, pageNumber(request.query.page));
  const answers = await messages.findMany(page.items);
  const groups = usage.totalsBy(entries, ({ model, purpose }) => `${purpose} ${model}`);

  await response.page("chat/usage/show", {
    title: t("Usage of {title}", { title }),
    conversation: { id, title },
    whole: spending(whole),
    isEmpty: entries.length === 0,
    gaps: gapsIn(whole),
    groups: ranked(groups, measureOf(whole)).map((row) => ({ label: labelOf(row.key), ...row })),
    answers: answers.map((row) => messageView(row, null)),
    page: pageLinks(page),
  });
}

function labelOf(key: string): string {
  const [purpose, ...model] = key.split(" ");
  const name = modelName(model.join(" ") || null);
  return purpose === "title" ? t("{name}, for the title", { name }) : name;
}
