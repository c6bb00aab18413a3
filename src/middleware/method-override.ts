import type { RequestHandler } from "express";

const METHODS = ["DELETE", "PATCH", "PUT"];

/** Lets an HTML form, which knows only GET and POST, say the method it means in the field `_method`. */
export const methodOverride: RequestHandler = (request, _response, next) => {
  const meant: unknown = request.body?._method;

  if (request.method === "POST" && typeof meant === "string" && METHODS.includes(meant)) {
    request.method = meant;
  }
  next();
};
