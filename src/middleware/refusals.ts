import type { ErrorRequestHandler, Response } from "express";
import { Problem } from "../errors.js";
import { keep } from "../forms/form.js";

interface Shown {
  values: Record<string, string>;
  errors: Record<string, string>;
}

/**
 * For the end of a form's router: what refuses the whole form (a limit, a busy server) is said on the
 * form's own page, with the words that were typed, instead of on an error page without them.
 */
export function keepingWords(
  fields: string[],
  show: (response: Response, form: Shown) => Promise<void>,
): ErrorRequestHandler {
  return (error, request, response, next) => {
    const isRefusal = error instanceof Problem && [409, 429, 503].includes(error.status);
    if (!isRefusal || request.method !== "POST") return next(error);

    const { status, message, retryAfterSeconds } = error;
    response.status(status);
    if (retryAfterSeconds) response.setHeader("Retry-After", retryAfterSeconds);
    show(response, { values: keep(request.body, fields), errors: { form: message } }).catch(next);
  };
}
