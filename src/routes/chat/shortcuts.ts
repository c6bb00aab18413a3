import { type Request, type Response, Router } from "express";
import { placesNamed } from "../../helpers/places.js";
import { t } from "../../lib/texts.js";

export const shortcutRoutes = Router();

shortcutRoutes.get("/", index);

/** Keys and places: what the script shows as a sheet and as a palette. */
async function index(_request: Request, response: Response) {
  await response.page("chat/shortcuts/index", { title: t("Shortcuts"), places: placesNamed("") });
}
