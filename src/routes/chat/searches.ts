import { type NextFunction, type Request, type Response, Router } from "express";
import { Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import { pageNumber } from "../../forms/paging.js";
import { SEARCH_FIELDS, searchForm } from "../../forms/search.js";
import { modelName } from "../../generator/catalogue.js";
import { startOfDay } from "../../helpers/day-groups.js";
import { placesNamed } from "../../helpers/places.js";
import { marked, snippet } from "../../helpers/snippets.js";
import { firstWords } from "../../lib/text.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { setStatus } from "../../middleware/errors.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { timeZone } from "../../middleware/time-zone.js";
import * as titles from "../../models/conversations/titles.js";
import * as search from "../../models/search.js";

export const searchRoutes = Router();

const DAY_MS = 86_400_000;

const TITLE_CHARACTERS = 60;

type Typed = Record<string, string>;

/** What a search has come to: neither results nor an error where nothing was looked for. */
interface Outcome {
  results: ReturnType<typeof shown> | null;
  error: string | null;
}

searchRoutes.get("/", rateLimits.search, show);
// The same results without the page around them, for somebody who is typing.
searchRoutes.get("/results", rateLimits.search, show);
searchRoutes.get("/titles", showTitles);
searchRoutes.use(keepText);

async function show(request: Request, response: Response) {
  const form = searchForm(request.query);

  if (form.ok) {
    const number = pageNumber(request.query.page);
    const { from, to, ...wanted } = form.value;
    const query = { ...wanted, ...between(from, to, timeZone(request)) };
    const found = await search.find(currentUser(request).id, query, number);
    const results = found && shown(found, typedIn(request));
    await reply(request, response, { results, error: null });
  } else {
    response.status(422);
    await reply(request, response, {
      results: null,
      error: Object.values(form.errors)[0] ?? null,
    });
  }
}

/** Whoever searches too often reads so on the page of the search, with the words still in the form. */
async function keepText(error: unknown, request: Request, response: Response, next: NextFunction) {
  if (!(error instanceof Problem) || error.status !== 429) return next(error);

  setStatus(response, error);
  await reply(request, response, { results: null, error: error.message });
}

async function reply(request: Request, response: Response, outcome: Outcome) {
  if (request.path === "/results") showResults(request, response, outcome);
  else await showPage(request, response, outcome);
}

function showResults(request: Request, response: Response, outcome: Outcome) {
  const typed = typedIn(request);
  response.set("Cache-Control", "no-store").type("html");
  response.send(fragment(request, "chat/searches/_results", { typed, ...outcome }));
}

/** The conversations and the places that are called like this, for the palette; without words, the newest and all. */
async function showTitles(request: Request, response: Response) {
  const { q = "" } = keep(request.query, ["q"]);
  const conversations = await titles.named(currentUser(request).id, q);
  response.set("Cache-Control", "no-store").type("html");
  response.send(
    fragment(request, "chat/searches/_titles", { conversations, places: placesNamed(q) }),
  );
}

async function showPage(request: Request, response: Response, outcome: Outcome) {
  const typed = typedIn(request);
  const { models, isBehind } = await search.scope(currentUser(request).id);

  await response.page("chat/searches/show", {
    title: typed.q ? `${firstWords(typed.q, TITLE_CHARACTERS)} · ${t("Search")}` : t("Search"),
    typed,
    filters: {
      isOpen: Boolean(typed.from || typed.to || typed.role || typed.model || typed.folder),
      models: models.map((id) => ({ id, name: modelName(id) })),
    },
    isBehind,
    ...outcome,
    message: outcome.error,
  });
}

// Both days are included, as the reader's clock has them.
function between(from: string | null, to: string | null, zone: string) {
  const dayAfter = to && new Date(Date.parse(to) + DAY_MS).toISOString().slice(0, 10);
  return {
    from: from ? startOfDay(from, zone) : null,
    until: dayAfter ? startOfDay(dayAfter, zone) : null,
  };
}

function typedIn({ query }: Request): Typed {
  const typed = keep(query, SEARCH_FIELDS);
  return { ...typed, q: typed.q?.trim() ?? "" };
}

function shown({ hits, wanted, count, isCut, number, hasMore }: search.Results, typed: Typed) {
  return {
    count,
    isFull: count === search.MOST_RANKED,
    cutTo: isCut ? wanted.length : null,
    hits: hits.map(({ body, ...hit }) => ({
      ...hit,
      title: marked(hit.title, wanted),
      author: hit.role === "question" ? t("You") : modelName(hit.model),
      snippet: snippet(body, wanted),
    })),
    page: {
      ...{ number, back: t("Previous"), on: t("Next") },
      older: hasMore ? addressOf(typed, number + 1) : null,
      newer: number > 1 ? addressOf(typed, number - 1) : null,
    },
  };
}

function addressOf(typed: Typed, page: number): string {
  const fields = Object.entries({ ...typed, page: String(page) });
  return `/search?${new URLSearchParams(fields.filter(([, value]) => value))}`;
}
