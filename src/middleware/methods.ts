import type { RequestHandler } from "express";
import { Problem } from "../errors.js";
import { t } from "../lib/texts.js";

const SUPPORTED = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** TRACE and whatever else HTTP or its extensions know is not for this server. */
export const supportedMethods: RequestHandler = (request, response, next) => {
  if (SUPPORTED.includes(request.method)) {
    next();
  } else {
    response.setHeader("Allow", SUPPORTED.join(", "));
    next(new Problem(405, t("This server does not know that method.")));
  }
};
