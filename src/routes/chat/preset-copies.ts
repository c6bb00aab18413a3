import { type Request, type Response, Router } from "express";
import { LONGEST_PRESET_NAME } from "../../forms/preset.js";
import { firstWords } from "../../lib/text.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { requireStorage } from "../../middleware/storage.js";
import * as presets from "../../models/presets.js";

export const presetCopyRoutes = Router({ mergeParams: true });

const MARK = " (copy)";

presetCopyRoutes.post("/", requireStorage, create);

/** Makes a preset of one's own from one that may be another's, and opens it to be changed. */
async function create(request: Request<{ id: string }>, response: Response) {
  const person = currentUser(request);
  const { parameters, ...looks } = await presets.find(person.id, request.params.id);
  const name = firstWords(looks.name, LONGEST_PRESET_NAME - MARK.length) + MARK;
  const id = await presets.create(person, { ...looks, name, everyone: false }, parameters);

  flash(response, "presetCopied");
  response.redirect(303, `/presets/${id}`);
}
