import { type Request, type Response, Router } from "express";
import { readSelection, type Selection } from "../../forms/selection.js";
import { safePath } from "../../forms/sign-in.js";
import * as generator from "../../generator/generator.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import * as trash from "../../models/conversations/trash.js";
import * as conversations from "../../models/conversations.js";

export const selectionRoutes = Router();

type Act = NonNullable<Selection["act"]>;
type Said = Parameters<typeof flash>[1];

/** What can be done with several at once: each says how many it found. */
const acts: Record<Act, (userId: string, ids: string[]) => Promise<number>> = {
  archive: conversations.archive,
  unarchive: conversations.unarchive,
  restore: trash.restore,
  discard: async (userId, ids) => {
    const { count, running } = await trash.discard(userId, ids);
    await generator.stopAll(running);
    return count;
  },
};
const words: Record<Act, Said> = {
  archive: "archived",
  unarchive: "unarchived",
  restore: "restored",
  discard: "deletedChosen",
};

selectionRoutes.post("/", create);

// Of what was chosen some may be gone meanwhile, in another tab: the rest is done.
async function create(request: Request, response: Response) {
  const { act, ids } = readSelection(request.body);
  const count = act ? await acts[act](currentUser(request).id, ids) : 0;

  flash(response, act && count > 0 ? words[act] : "noneChosen");
  response.redirect(303, safePath(request.body?.back ?? "/conversations"));
}
