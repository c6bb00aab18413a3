import { type Request, type Response, Router } from "express";
import { t } from "../../lib/texts.js";

export const accountRoutes = Router();

accountRoutes.get("/", show);

async function show(_request: Request, response: Response) {
  await response.page("account/show", { title: t("Your account") });
}
