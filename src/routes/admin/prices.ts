import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { type Form, type Refused, refuse } from "../../forms/form.js";
import { readRowId } from "../../forms/paging.js";
import {
  PRICE_FIELDS,
  type PriceDraft,
  priceForm,
  providerField,
  tickedDays,
} from "../../forms/price.js";
import { providerName } from "../../generator/catalogue.js";
import { ownHost } from "../../generator/upstream/opening.js";
import { addedProviders } from "../../generator/upstream.js";
import { blankPrice, peakDaysOf, priceLine, priceValues, WEEKDAYS } from "../../helpers/prices.js";
import { firstWords } from "../../lib/text.js";
import { t } from "../../lib/texts.js";
import { flash } from "../../middleware/flash.js";
import * as prices from "../../models/prices.js";

export const priceRoutes = Router();

type PriceRequest = Request<{ id: string }>;

/** The price that a form is about; null: a new one. */
type Edited = prices.PriceRow | null;

const TAKEN = t("This model has a price from that moment on already. Change that one.");

priceRoutes.get("/", index);
priceRoutes.post("/", create);
priceRoutes.get("/new", blank);
priceRoutes.get("/:id", edit);
priceRoutes.patch("/:id", update);
priceRoutes.delete("/:id", destroy);

async function index(_request: Request, response: Response) {
  const rows = await prices.list();
  await response.page("admin/prices/index", {
    title: t("Prices"),
    prices: rows.map((price) => priceLine(price, providerOf(price.providerId))),
    missing: await prices.modelsWithoutPrice(),
  });
}

async function blank(request: Request, response: Response) {
  const model = typeof request.query.model === "string" ? request.query.model : "";
  await show(response, null, { values: blankPrice(model, new Date()), errors: {} });
}

async function create(request: Request, response: Response) {
  await save(request, response, null);
}

async function edit(request: PriceRequest, response: Response) {
  const price = await prices.find(idOf(request));
  const provider = providerField(price.providerId);
  await show(response, price, { values: { ...priceValues(price), provider }, errors: {} });
}

async function update(request: PriceRequest, response: Response) {
  await save(request, response, await prices.find(idOf(request)));
}

async function destroy(request: PriceRequest, response: Response) {
  await prices.destroy(idOf(request));
  flash(response, "priceDeleted");
  response.redirect(303, "/admin/prices");
}

async function save(request: Request, response: Response, price: Edited) {
  const form = readPrice(request.body, price);
  if (!form.ok) return showAgain(request, response, price, form);

  if (await prices.store(price?.id ?? null, form.value)) {
    flash(response, "priceSaved");
    response.redirect(303, "/admin/prices");
  } else {
    const refused = refuse(request.body, PRICE_FIELDS, { validFrom: TAKEN });
    await showAgain(request, response, price, refused);
  }
}

function readPrice(body: unknown, price: Edited): Form<PriceDraft> {
  const form = priceForm(body);
  const isListed = (field: string) => providersFor(price).some(({ value }) => value === field);
  if (!form.ok || isListed(providerField(form.value.providerId))) return form;
  return refuse(body, PRICE_FIELDS, { provider: t("Choose a provider from the list.") });
}

// Who has it already keeps it, there or not.
function providersFor(price: Edited) {
  const added = addedProviders().map(({ provider }) => provider.id);
  const ids = new Set([null, "", ...added, price?.providerId ?? null]);
  return [...ids].map((id) => ({ value: providerField(id), label: providerOf(id) ?? t("Any") }));
}

/** The only provider that a price is for, by name; null: it is for any. */
function providerOf(id: string | null): string | null {
  return id === "" ? ownHost() : id && providerName(id);
}

async function showAgain(request: Request, response: Response, price: Edited, form: Refused) {
  response.status(422);
  await show(response, price, form, tickedDays(request.body));
}

async function show(response: Response, price: Edited, form: Refused, days = peakDaysOf(price)) {
  await response.page("admin/prices/edit", {
    title: price ? t("Price of {model}", { model: firstWords(price.model, 60) }) : t("New price"),
    action: price ? `/admin/prices/${price.id}` : "/admin/prices",
    price,
    form,
    providers: providersFor(price),
    days: WEEKDAYS.map((name, index) => ({
      name,
      value: index + 1,
      ticked: days.includes(index + 1),
    })),
  });
}

function idOf(request: PriceRequest): number {
  const id = readRowId(request.params.id);

  if (id === null) {
    throw new NotFound();
  } else {
    return id;
  }
}
