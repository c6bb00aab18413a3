import { type Request, type Response, Router } from "express";
import { type Form, type Refused, refuse } from "../../forms/form.js";
import { PARAMETER_FIELDS, parameterValues } from "../../forms/parameters.js";
import { PRESET_FIELDS, PRESET_ICONS, presetForm } from "../../forms/preset.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { flash } from "../../middleware/flash.js";
import { keepingWords, refused } from "../../middleware/refusals.js";
import { requireStorage } from "../../middleware/storage.js";
import { NO_PARAMETERS } from "../../models/parameters.js";
import * as presets from "../../models/presets.js";
import { parametersView, readParameters } from "./choices.js";

export const presetRoutes = Router();

type PresetRequest = Request<{ id: string }>;

const FIELDS = [...PRESET_FIELDS, ...PARAMETER_FIELDS];
const NOTHING_TYPED: Refused = { values: { icon: "messages-square" }, errors: {} };

presetRoutes.get("/", index);
presetRoutes.get("/new", blank);
presetRoutes.post("/", requireStorage, create);
presetRoutes.get("/:id", edit);
presetRoutes.patch("/:id", requireStorage, update);
presetRoutes.delete("/:id", destroy);
presetRoutes.use("/:id", keepingWords(FIELDS, showEdit));
presetRoutes.use(keepingWords(FIELDS, showNew));

async function index(request: Request, response: Response) {
  const usable = await presets.list(currentUser(request).id);
  await response.page("chat/presets/index", {
    title: t("Presets"),
    mine: usable.filter(({ isMine }) => isMine),
    others: usable.filter(({ isMine }) => !isMine),
  });
}

async function blank(_request: Request, response: Response) {
  await showNew(response, NOTHING_TYPED);
}

async function create(request: Request, response: Response) {
  const form = readPreset(request.body);
  if (!form.ok) return refused(response, form, showNew);

  const { looks, parameters } = form.value;
  const id = await presets.create(currentUser(request), looks, parameters);
  flash(response, "presetAdded");
  response.redirect(303, `/?preset=${id}`);
}

async function edit(request: PresetRequest, response: Response) {
  const preset = await presets.findOwn(currentUser(request).id, request.params.id);
  const { name, icon, description, starters, shared, parameters } = preset;
  await showEdit(response, {
    values: {
      ...{ name, icon, description },
      starters: starters.join("\n"),
      everyone: shared ? "on" : "",
      ...parameterValues(parameters),
    },
    errors: {},
  });
}

async function update(request: PresetRequest, response: Response) {
  const person = currentUser(request);
  const { id, parameters: kept } = await presets.findOwn(person.id, request.params.id);
  const form = readPreset(request.body, kept);
  if (!form.ok) return refused(response, form, showEdit);

  await presets.update(person, id, form.value.looks, form.value.parameters);
  flash(response, "presetChanged");
  response.redirect(303, "/presets");
}

async function destroy(request: PresetRequest, response: Response) {
  await presets.destroy(currentUser(request).id, request.params.id);
  flash(response, "presetDeleted");
  response.redirect(303, "/presets");
}

// Two forms in one: how it looks, and what the model is told.
function readPreset(body: unknown, kept = NO_PARAMETERS) {
  const looks = presetForm(body);
  const parameters = readParameters(body, kept);

  if (looks.ok && parameters.ok) {
    return { ok: true as const, value: { looks: looks.value, parameters: parameters.value } };
  } else {
    return refuse(body, FIELDS, { ...errorsIn(looks), ...errorsIn(parameters) });
  }
}

function errorsIn(form: Form<unknown>) {
  return form.ok ? {} : form.errors;
}

async function showNew(response: Response, form: Refused) {
  await showForm(response, "chat/presets/new", { title: t("New preset"), form });
}

async function showEdit(response: Response, form: Refused) {
  const { id } = response.req.params;
  await showForm(response, "chat/presets/edit", { title: t("Edit preset"), id, form });
}

async function showForm(
  response: Response,
  view: string,
  locals: { title: string; form: Refused; id?: unknown },
) {
  const parameters = parametersView(locals.form);
  await response.page(view, { ...locals, parameters, icons: PRESET_ICONS });
}
