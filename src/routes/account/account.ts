import { type Request, type Response, Router } from "express";

export const accountRoutes = Router();

accountRoutes.get("/", show);

async function show(_request: Request, response: Response) {
  await response.page("account/show", { title: "Your account" });
}
