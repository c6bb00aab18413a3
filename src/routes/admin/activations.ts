import { type Request, type Response, Router } from "express";
import { takeUp } from "../../generator/providers.js";
import { flash } from "../../middleware/flash.js";
import { noteSecurity } from "../../middleware/security-events.js";
import * as providers from "../../models/providers.js";

export const activationRoutes = Router({ mergeParams: true });

type ProviderRequest = Request<{ id: string }>;

activationRoutes.post("/", create);
activationRoutes.delete("/", destroy);

async function create(request: ProviderRequest, response: Response) {
  await providers.switchOn(request.params.id);
  await done(request, response, "providerOn");
}

async function destroy(request: ProviderRequest, response: Response) {
  await providers.switchOff(request.params.id);
  await done(request, response, "providerOff");
}

async function done(
  request: ProviderRequest,
  response: Response,
  code: "providerOn" | "providerOff",
) {
  const { id } = request.params;
  await takeUp(id);
  noteSecurity(request, "provider-changed", {
    provider: id,
    change: code === "providerOn" ? "switched on" : "switched off",
  });
  flash(response, code);
  response.redirect(303, `/admin/providers/${id}`);
}
