import type { RequestHandler } from "express";
import { refuseUnlessWritable } from "../stores/disk.js";

/** For what has to be stored, such as a login: refused in words before any work is done for it. */
export const requireStorage: RequestHandler = (_request, _response, next) => {
  refuseUnlessWritable();
  next();
};
