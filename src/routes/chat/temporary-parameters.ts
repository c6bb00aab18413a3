import { type Request, type Response, Router } from "express";
import type { Problem } from "../../errors.js";
import { type Refused, refuse } from "../../forms/form.js";
import { PARAMETER_FIELDS, parameterValues } from "../../forms/parameters.js";
import * as temporary from "../../generator/temporary.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { flash } from "../../middleware/flash.js";
import { beginsAnew } from "../../models/parameters.js";
import { parametersView, readParameters } from "./choices.js";

export const temporaryParameterRoutes = Router({ mergeParams: true });

type ParameterRequest = Request<{ id: string }>;

temporaryParameterRoutes.get("/", edit);
temporaryParameterRoutes.post("/", update);
temporaryParameterRoutes.use(showingAgain(showAgain));

async function edit(request: ParameterRequest, response: Response) {
  const { parameters } = conversationOf(request);
  await show(request, response, { values: parameterValues(parameters), errors: {} });
}

/** What a temporary conversation is asked with from its next answer on. */
async function update(request: ParameterRequest, response: Response) {
  const { id, parameters: before } = conversationOf(request);
  const form = readParameters(request.body, before);

  if (form.ok) {
    temporary.update(currentUser(request).id, id, form.value);
    flash(response, beginsAnew(before, form.value) ? "askedAnew" : "askedOtherwise");
    response.redirect(303, `/temporary/${id}`);
  } else {
    await show(request, response.status(422), form);
  }
}

async function showAgain(request: ParameterRequest, response: Response, problem: Problem) {
  await show(request, response, refuse(request.body, PARAMETER_FIELDS, { form: problem.message }));
}

async function show(request: ParameterRequest, response: Response, form: Refused) {
  const { id } = conversationOf(request);
  await response.page("chat/parameters/edit", {
    ...{ title: t("Model and settings"), openId: id, form, address: `/temporary/${id}` },
    parameters: parametersView(form),
  });
}

function conversationOf(request: ParameterRequest): temporary.Temporary {
  return temporary.find(currentUser(request).id, request.params.id);
}
