import { type Request, type Response, Router } from "express";
import { pageCount } from "../../forms/paging.js";
import * as titles from "../../generator/titles.js";
import { currentUser } from "../../middleware/authentication.js";
import { fragment } from "../../middleware/pages.js";
import { sidebarOf } from "../../middleware/sidebar.js";

export const sidebarRoutes = Router();

sidebarRoutes.get("/", show);

/** The list beside the page as it is now, for the script that keeps it so; one that waits gets it once `open` has its title. */
async function show(request: Request, response: Response) {
  const { open, wait } = request.query;
  const openId = typeof open === "string" ? open : null;
  if (openId && wait) await titles.whenNamed(currentUser(request).id, openId);

  const sidebar = await sidebarOf(request, pageCount(request.query.pages));
  response.set("Cache-Control", "no-store").type("html");
  response.send(fragment(request, "layouts/_conversations", { sidebar, openId }));
}
