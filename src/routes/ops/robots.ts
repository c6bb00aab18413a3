import path from "node:path";
import { type Request, type Response, Router } from "express";
import { root } from "../../config.js";

export const robotRoutes = Router();

robotRoutes.get("/robots.txt", show);

function show(_request: Request, response: Response) {
  response.sendFile("robots.txt", { root: path.join(root, "public") });
}
