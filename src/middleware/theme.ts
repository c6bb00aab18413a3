import type { Request, Response } from "express";
import { readSigned, setSigned } from "./cookies.js";

const YEAR_MS = 365 * 86_400_000;

export const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

export function chosenTheme(request: Request): Theme {
  const chosen = readSigned(request, "theme");
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

export function chooseTheme(response: Response, theme: Theme) {
  setSigned(response, "theme", theme, YEAR_MS);
}
