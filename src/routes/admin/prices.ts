import { type Request, type Response, Router } from "express";
import { NotFound } from "../../errors.js";
import { type Refused, refuse } from "../../forms/form.js";
import { readRowId } from "../../forms/paging.js";
import { PRICE_FIELDS, priceForm, tickedDays } from "../../forms/price.js";
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
    prices: rows.map(priceLine),
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
  await show(response, price, { values: priceValues(price), errors: {} });
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
  const form = priceForm(request.body);
  if (!form.ok) return showAgain(request, response, price, form);

  const providerId = price?.providerId ?? null;
  const isStored = await prices.store(price?.id ?? null, { ...form.value, providerId });
  if (!isStored) {
    return showAgain(
      request,
      response,
      price,
      refuse(request.body, PRICE_FIELDS, { validFrom: TAKEN }),
    );
  }
  flash(response, "priceSaved");
  response.redirect(303, "/admin/prices");
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
