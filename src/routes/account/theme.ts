import { type Request, type Response, Router } from "express";
import { safePath } from "../../forms/sign-in.js";
import { chooseTheme, THEMES } from "../../middleware/theme.js";

export const themeRoutes = Router();

themeRoutes.post("/", update);

function update(request: Request, response: Response) {
  const theme = THEMES.find((name) => name === request.body?.theme) ?? "system";
  const next = safePath(request.body?.next);

  chooseTheme(response, theme);
  response.redirect(303, next === "/" && request.user ? "/account" : next);
}
