import type { ErrorRequestHandler, Response } from "express";
import { Problem } from "../errors.js";
import { type Form, type Refused, refuse } from "../forms/form.js";
import { noteForLog, problemOf, setStatus } from "./errors.js";

export type ShowForm = (response: Response, form: Refused) => Promise<void>;

/** A form's own page again, with what is wrong with what was typed. */
export async function refused(response: Response, form: Refused, show: ShowForm) {
  response.status(422);
  await show(response, form);
}

/**
 * For the end of a form's router: what refuses the whole form (a limit, a busy server) is said on the
 * form's own page, with the words that were typed, instead of on an error page without them.
 */
export function keepingWords(fields: string[], show: ShowForm): ErrorRequestHandler {
  return (error, request, response, next) => {
    const isRefusal = error instanceof Problem && [409, 429, 503].includes(error.status);
    const isForm = ["POST", "PATCH"].includes(request.method);
    if (!isRefusal || !isForm) return next(error);

    setStatus(response, error);
    show(response, refuse(request.body, fields, { form: error.message })).catch(next);
  };
}

/**
 * What the value of a form of one field leads to; whatever keeps it from that is said beside the field, where what was
 * typed is kept.
 */
export async function resultOf<T, Result>(
  form: Form<T>,
  field: string,
  response: Response,
  work: (value: T) => Promise<Result>,
): Promise<Form<Result>> {
  if (!form.ok) {
    response.status(422);
    return form;
  }

  try {
    return { ok: true, value: await work(form.value) };
  } catch (error) {
    const problem = problemOf(error);
    noteForLog(problem, error, response);
    setStatus(response, problem);
    return refuse(response.req.body, [field], { [field]: problem.message });
  }
}
