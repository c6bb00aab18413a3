import { type Request, type Response, Router } from "express";
import { examine } from "../../generator/providers.js";
import { flash } from "../../middleware/flash.js";
import * as providers from "../../models/providers.js";

export const examinationRoutes = Router({ mergeParams: true });

examinationRoutes.post("/", create);

/** Asks a provider for its models now: its page says what came of it. */
async function create({ params }: Request<{ id: string }>, response: Response) {
  const { id } = await providers.find(params.id);
  await examine(id);
  flash(response, "providerTested");
  response.redirect(303, `/admin/providers/${id}`);
}
