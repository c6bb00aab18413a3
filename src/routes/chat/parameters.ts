import { type Request, type Response, Router } from "express";
import type { Problem } from "../../errors.js";
import { type Refused, refuse } from "../../forms/form.js";
import { PARAMETER_FIELDS, parameterValues } from "../../forms/parameters.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { flash } from "../../middleware/flash.js";
import * as conversations from "../../models/conversations.js";
import * as parameters from "../../models/parameters.js";
import { parametersView, readParameters } from "./choices.js";

export const parameterRoutes = Router({ mergeParams: true });

type ParameterRequest = Request<{ conversationId: string }>;

parameterRoutes.get("/", edit);
parameterRoutes.post("/", update);
parameterRoutes.use(showingAgain(showAgain));

async function edit(request: ParameterRequest, response: Response) {
  const chosen = await parameters.find(currentUser(request).id, request.params.conversationId);
  await show(request, response, { values: parameterValues(chosen), errors: {} });
}

/** What a conversation is asked with from its next answer on. */
async function update(request: ParameterRequest, response: Response) {
  const { id: userId } = currentUser(request);
  const { conversationId } = request.params;
  const before = await parameters.find(userId, conversationId);
  const form = readParameters(request.body, before);

  if (form.ok) {
    await parameters.update(userId, conversationId, form.value);
    flash(response, parameters.beginsAnew(before, form.value) ? "askedAnew" : "askedOtherwise");
    response.redirect(303, `/conversations/${conversationId}`);
  } else {
    response.status(422);
    await show(request, response, form);
  }
}

async function showAgain(request: ParameterRequest, response: Response, problem: Problem) {
  await show(request, response, refuse(request.body, PARAMETER_FIELDS, { form: problem.message }));
}

async function show(request: ParameterRequest, response: Response, form: Refused) {
  const { id: userId } = currentUser(request);
  const conversation = await conversations.find(userId, request.params.conversationId);
  await response.page("chat/parameters/edit", {
    ...{ title: t("Model and settings"), openId: conversation.id, form },
    address: `/conversations/${conversation.id}`,
    parameters: parametersView(form),
  });
}
