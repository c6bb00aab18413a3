import { type Request, type Response, Router } from "express";
import type { Refused } from "../../forms/form.js";
import { providerForm, refusedProvider } from "../../forms/provider.js";
import { conditionOf, takeUp } from "../../generator/providers.js";
import { ownHost } from "../../generator/upstream/opening.js";
import { conditionView } from "../../helpers/conditions.js";
import { t } from "../../lib/texts.js";
import { flash } from "../../middleware/flash.js";
import { noteSecurity } from "../../middleware/security-events.js";
import * as providers from "../../models/providers.js";

export const providerRoutes = Router();

type ProviderRequest = Request<{ id: string }>;

providerRoutes.get("/", index);
providerRoutes.get("/new", blank);
providerRoutes.post("/", create);
providerRoutes.get("/:id", show);
providerRoutes.get("/:id/edit", edit);
providerRoutes.patch("/:id", update);
providerRoutes.delete("/:id", destroy);

async function index(_request: Request, response: Response) {
  const all = await providers.list();
  await response.page("admin/providers/index", {
    title: t("Providers"),
    own: { address: ownHost(), condition: conditionView(conditionOf(null)) },
    providers: all.map(view),
  });
}

async function blank(_request: Request, response: Response) {
  await showBlank(response, { values: {}, errors: {} });
}

async function create(request: Request, response: Response) {
  const form = providerForm(request.body);
  const stored = form.ok ? await providers.create(form.value) : null;

  if (stored && "id" in stored) {
    await takeUp(stored.id);
    noteSecurity(request, "provider-changed", { provider: stored.id, change: "added" });
    flash(response, "providerAdded");
    response.redirect(303, `/admin/providers/${stored.id}`);
  } else {
    await showBlank(response.status(422), refusalOf(request, form, stored));
  }
}

async function show({ params }: ProviderRequest, response: Response) {
  const provider = await providers.find(params.id);
  await response.page("admin/providers/show", {
    title: provider.name,
    provider: view(provider),
    uses: await providers.uses(provider.id),
  });
}

async function edit({ params }: ProviderRequest, response: Response) {
  const provider = await providers.find(params.id);
  await showEdit(response, provider, { values: entered(provider), errors: {} });
}

async function update(request: ProviderRequest, response: Response) {
  const provider = await providers.find(request.params.id);
  const form = providerForm(request.body);
  const stored = form.ok ? await providers.update(provider.id, form.value) : null;

  if (stored && "id" in stored) {
    await takeUp(stored.id);
    noteSecurity(request, "provider-changed", { provider: stored.id, change: "edited" });
    flash(response, "providerSaved");
    response.redirect(303, `/admin/providers/${stored.id}`);
  } else {
    await showEdit(response.status(422), provider, refusalOf(request, form, stored));
  }
}

async function destroy(request: ProviderRequest, response: Response) {
  const { id } = request.params;
  await providers.destroy(id);
  await takeUp(id);
  noteSecurity(request, "provider-changed", { provider: id, change: "removed" });
  flash(response, "providerRemoved");
  response.redirect(303, "/admin/providers");
}

/** A provider as its pages show it: that there is a key, never which. */
function view(provider: providers.Provider) {
  const { id, name, baseUrl, models, active, sealedKey } = provider;
  const condition = conditionView(conditionOf(id));
  return { id, name, baseUrl, models, active, hasKey: sealedKey !== null, condition };
}

function refusalOf(
  { body }: Request,
  form: ReturnType<typeof providerForm>,
  stored: providers.Stored | null,
): Refused {
  if (stored && "field" in stored) return refusedProvider(body, { [stored.field]: stored.wrong });
  return form.ok ? refusedProvider(body, {}) : form;
}

function entered({ name, baseUrl, dialect, contextTokens }: providers.Provider) {
  return { name, baseUrl, dialect, contextTokens: String(contextTokens) };
}

async function showBlank(response: Response, form: Refused) {
  await response.page("admin/providers/new", { title: t("Add a provider"), form });
}

async function showEdit(response: Response, provider: providers.Provider, form: Refused) {
  await response.page("admin/providers/edit", {
    title: t("Edit {name}", { name: provider.name }),
    provider: view(provider),
    form,
  });
}
