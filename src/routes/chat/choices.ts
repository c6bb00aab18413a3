import { Problem } from "../../errors.js";
import { type Form, keep, type Refused, refuse } from "../../forms/form.js";
import { modelField, readModelChoice } from "../../forms/model-choice.js";
import { PARAMETER_FIELDS, parametersForm } from "../../forms/parameters.js";
import {
  currentModel,
  isOffered,
  modelName,
  type Offered,
  offered,
} from "../../generator/catalogue.js";
import { traitsOf } from "../../helpers/models.js";
import { t } from "../../lib/texts.js";
import { type ModelChoice, NO_PARAMETERS, type Parameters } from "../../models/parameters.js";

/** A model to choose from, as a form sends it and as it is shown. */
interface Option {
  value: string;
  name: string;
  traits: string;
  label: string;
}

const NOT_OFFERED = t("This model is not offered any more. Choose another one.");

/** What a form says that a conversation is to be asked with; a model that it has already may stay, offered or not. */
export function readParameters(body: unknown, kept = NO_PARAMETERS): Form<Parameters> {
  const form = parametersForm(body);
  if (!form.ok || isOffered(form.value) || isSame(form.value, kept)) return form;
  return refuse(body, PARAMETER_FIELDS, { model: NOT_OFFERED });
}

/** The model that a form wants one answer from, or null where it wants none in particular. */
export function readWriter(body: unknown): ModelChoice | null {
  const { model } = keep(body, ["model"]);
  if (!model) return null;

  const choice = readModelChoice(model);
  if (choice === null || !isOffered(choice)) throw new Problem(422, NOT_OFFERED);
  return choice;
}

/** The form of what a conversation is asked with, as it is shown. */
export function parametersView({ values, errors }: Refused) {
  const models = optionsFor(readModelChoice(values.model) ?? NO_PARAMETERS);
  const isListed = models.some(({ value }) => value === values.model);
  return { values: { ...values, model: isListed ? values.model : "" }, errors, models };
}

/** The models for one answer, where "" is the one that its conversation is asked with. */
export function versionOptions(chosen: ModelChoice): Option[] {
  const isStandard = chosen.model === null;
  const own = isStandard ? standard() : { ...optionOf(chosen), value: "" };
  const field = isStandard ? standardField() : modelField(chosen);
  return [own, ...everyModel().filter(({ value }) => value !== field)];
}

/** Every model that may be asked for another answer. */
export function everyModel(): Option[] {
  return offered().map(optionOfOffered);
}

/** Who answers in a conversation, as it is shown there. */
export function writerOf(chosen: ModelChoice): {
  name: string;
  isOffered: boolean;
  isDemo: boolean;
} {
  const { name, demo } = currentModel();
  return {
    name: chosen.model === null ? name : modelName(chosen.model),
    isOffered: isOffered(chosen),
    isDemo: demo && chosen.providerId === null,
  };
}

// The one that answers by default has no value: who chooses it gets another as soon as the installation does. What was
// chosen stays to be chosen, also where its server does not list it.
function optionsFor(chosen: ModelChoice): Option[] {
  const first = standard();
  const others = everyModel().filter(({ value }) => value !== standardField());
  const options = [first, ...others];
  const field = modelField(chosen);
  const isKnown = field === standardField() || options.some(({ value }) => value === field);
  return isKnown ? options : [...options, optionOf(chosen)];
}

function standard(): Option {
  const option = everyModel().find(({ value }) => value === standardField());
  return option ? { ...option, value: "" } : described("", currentModel().name, "");
}

function standardField(): string {
  return modelField({ providerId: null, model: currentModel().id });
}

function optionOf(chosen: ModelChoice): Option {
  const listed = everyModel().find(({ value }) => value === modelField(chosen));
  const { name, isOffered } = writerOf(chosen);
  return listed ?? described(modelField(chosen), name, isOffered ? "" : t("not offered any more"));
}

function optionOfOffered(model: Offered): Option {
  const value = modelField({ providerId: model.provider?.id ?? null, model: model.id });
  return described(value, model.name, traitsOf(model));
}

function described(value: string, name: string, traits: string): Option {
  return { value, name, traits, label: traits ? `${name} · ${traits}` : name };
}

function isSame(one: ModelChoice, other: ModelChoice): boolean {
  return one.providerId === other.providerId && one.model === other.model;
}
