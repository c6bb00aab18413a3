import { type Request, type Response, Router } from "express";
import type { Refused } from "../../forms/form.js";
import { offeredModelsForm, tickedModels } from "../../forms/offered-models.js";
import { listed, takeUp } from "../../generator/providers.js";
import { t } from "../../lib/texts.js";
import { flash } from "../../middleware/flash.js";
import { noteSecurity } from "../../middleware/security-events.js";
import * as providers from "../../models/providers.js";

export const offeredModelRoutes = Router({ mergeParams: true });

type ProviderRequest = Request<{ id: string }>;

offeredModelRoutes.get("/", edit);
offeredModelRoutes.put("/", update);

async function edit({ params }: ProviderRequest, response: Response) {
  const provider = await providers.find(params.id);
  const { models } = provider;
  const form = { values: { offer: models ? "chosen" : "all" }, errors: {} };
  await show(response, provider, { form, isTicked: (id) => models?.includes(id) ?? true });
}

async function update(request: ProviderRequest, response: Response) {
  const provider = await providers.find(request.params.id);
  const form = offeredModelsForm(request.body);
  const ticked = tickedModels(request.body);
  if (!form.ok)
    return show(response.status(422), provider, { form, isTicked: (id) => ticked.includes(id) });

  await providers.offer(provider.id, form.value.models);
  await takeUp(provider.id);
  noteSecurity(request, "provider-changed", { provider: provider.id, change: "models" });
  flash(response, "providerSaved");
  response.redirect(303, `/admin/providers/${provider.id}`);
}

async function show(
  response: Response,
  { id, name, models }: providers.Provider,
  { form, isTicked }: { form: Refused; isTicked: (model: string) => boolean },
) {
  const list = listed(id);
  const strange = (models ?? []).filter((model) => !list.some((one) => one.id === model));

  await response.page("admin/offered-models/edit", {
    title: t("Models of {name}", { name }),
    provider: { id, name },
    list: list.map((model) => ({ ...model, chosen: isTicked(model.id) })),
    form: { ...form, values: { others: strange.join("\n"), ...form.values } },
  });
}
