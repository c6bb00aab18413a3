import type { ErrorRequestHandler, Response } from "express";
import { Problem } from "../errors.js";
import { type Refused, refuse } from "../forms/form.js";
import { setStatus } from "./errors.js";

/**
 * For the end of a form's router: what refuses the whole form (a limit, a busy server) is said on the
 * form's own page, with the words that were typed, instead of on an error page without them.
 */
export function keepingWords(
  fields: string[],
  show: (response: Response, form: Refused) => Promise<void>,
): ErrorRequestHandler {
  return (error, request, response, next) => {
    const isRefusal = error instanceof Problem && [409, 429, 503].includes(error.status);
    const isForm = ["POST", "PATCH"].includes(request.method);
    if (!isRefusal || !isForm) return next(error);

    setStatus(response, error);
    show(response, refuse(request.body, fields, { form: error.message })).catch(next);
  };
}
