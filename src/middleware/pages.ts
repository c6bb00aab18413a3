import path from "node:path";
import type { Request, RequestHandler, Response } from "express";
import { config, root } from "../config.js";
import { currentModel, whyNot } from "../generator/catalogue.js";
import { upstreamState } from "../generator/health.js";
import { refusing } from "../generator/providers.js";
import type { Assets } from "../helpers/assets.js";
import { bannersFor } from "../helpers/banners.js";
import { domId } from "../helpers/dom-id.js";
import { count, duration, portion, thoughtFor } from "../helpers/numbers.js";
import { starters } from "../helpers/starters.js";
import { localTime, timeTag } from "../helpers/time.js";
import { type Render, readTemplates } from "../lib/templates.js";
import { direction, language, plural, rich, t } from "../lib/texts.js";
import { randomToken } from "../lib/tokens.js";
import type { ModelChoice } from "../models/parameters.js";
import { backupTrouble } from "../stores/backups/regular.js";
import { storageTrouble } from "../stores/disk.js";
import { authorMark } from "./authentication.js";
import { takeFlash } from "./flash.js";
import { sidebarOf } from "./sidebar.js";
import { chosenTheme } from "./theme.js";

const NO_CHOICE: ModelChoice = { providerId: null, model: null };
const PLACE = `<!-- ${randomToken()} -->`;

let render: Render;

/** Reads the templates, with what each of them may call. */
export function useViews({ url, stylesheets, icon, standalone }: Assets) {
  const { sharing } = config;
  const helpers = {
    t,
    plural,
    rich,
    language,
    direction,
    asset: url,
    stylesheets,
    icon,
    standalone,
    domId,
    timeTag,
    localTime,
    duration,
    thoughtFor,
    count,
    portion,
    sharing,
  };
  const isFresh = config.environment === "development";
  render = readTemplates(path.join(root, "views"), { ...helpers, starters }, isFresh);
}

/** Gives every response `page()`: a view inside its layout, with what every page needs. */
export const pages: RequestHandler = (request, response, next) => {
  response.page = async (view, locals = {}, ready = []) => {
    if (response.statusCode >= 400 && !wantsHtml(request)) {
      return sendRefusal(request, response, locals);
    }

    const all = { ...(await common(request, response, locals)), ...locals, ready: PLACE };
    const body = render(view, all);
    // No page is for a cache, nor for the Back button after logging out.
    response.setHeader("Cache-Control", "no-store");
    const layout = request.user ? "layouts/application" : "layouts/plain";
    response.type("html").send(put(ready, render(layout, { ...all, body })));
  };

  next();
};

// Texts that no page can hold by itself, so that only a view says where they go.
function put(ready: Buffer[], page: string): string | Buffer {
  if (ready.length === 0) return page.replace(PLACE, "");

  const [before = "", after = ""] = page.split(PLACE);
  return Buffer.concat([Buffer.from(before), ...ready, Buffer.from(after)]);
}

/** A view without layout, as text: for streams. */
export function fragment(request: Request, view: string, locals: object): string {
  return render(view, { ...ambient(request), ...locals });
}

function wantsHtml(request: Request): boolean {
  return request.accepts(["html", "json"]) === "html";
}

// What a page would say of a refusal, for those who asked for something else than a page.
function sendRefusal(request: Request, response: Response, locals: Refusal) {
  const status = response.statusCode;
  const said =
    locals.message ??
    locals.composer?.error ??
    locals.version?.error ??
    Object.values(locals.form?.errors ?? {})[0];
  response.json({
    error: { status, message: said ?? t("Please log in first."), requestId: request.id },
  });
}

interface Locals {
  conversation?: { chosen?: ModelChoice } | null;
}

interface Refusal {
  message?: string;
  composer?: { error: string | null };
  version?: { error: string | null };
  form?: { errors: Record<string, string> };
}

async function common(request: Request, response: Response, { conversation }: Locals) {
  const sidebar = await sidebarOf(request);
  const banners = bannersFor(
    installation(conversation?.chosen ?? NO_CHOICE),
    request.user?.administrator ?? false,
  );
  return { ...ambient(request), banners, sidebar, flash: takeFlash(request, response) };
}

function ambient(request: Request) {
  return {
    title: "",
    person: request.user ?? null,
    theme: chosenTheme(request),
    model: currentModel(),
    path: request.originalUrl.split("?")[0],
    author: request.user ? authorMark(request.user.id) : "",
    conversation: null,
    openId: null,
    refresh: null,
    registrationOpen: config.registration === "open",
  };
}

// Of an added provider those hear who talk with a model of it; of the settings' own all others.
function installation(choice: ModelChoice) {
  const { circuit, retryInMs } = upstreamState(choice.providerId);
  return {
    circuit,
    retryInMs,
    absence: whyNot(choice),
    refusal: upstreamState().refusal,
    refusing: refusing(),
    backupFailed: backupTrouble() !== null,
    storageTrouble: storageTrouble(),
  };
}
