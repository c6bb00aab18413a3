import { type Request, type Response, Router } from "express";
import { ownHost } from "../../generator/upstream/opening.js";
import * as users from "../../models/users.js";

export const adminRoutes = Router();

adminRoutes.get("/", show);

async function show(_request: Request, response: Response) {
  await response.page("admin/show", {
    title: "Administration",
    people: await users.list(),
    address: ownHost(),
  });
}
