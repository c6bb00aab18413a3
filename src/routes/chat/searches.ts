import { type NextFunction, type Request, type Response, Router } from "express";
import { Problem } from "../../errors.js";
import { keep } from "../../forms/form.js";
import { pageNumber } from "../../forms/paging.js";
import { SEARCH_FIELDS, searchForm } from "../../forms/search.js";
import { modelName } from "../../generator/catalogue.js";
import { marked, snippet } from "../../helpers/snippets.js";
import { firstWords } from "../../lib/text.js";
import { currentUser } from "../../middleware/authentication.js";
import { setStatus } from "../../middleware/errors.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import * as search from "../../models/search.js";

export const searchRoutes = Router();

const TITLE_CHARACTERS = 60;

type Typed = Record<string, string>;

searchRoutes.get("/", rateLimits.search, show);
searchRoutes.get("/results", rateLimits.search, showResults);
searchRoutes.use(keepText);

async function show(request: Request, response: Response) {
  await showPage(request, response, await outcomeOf(request, response));
}

/** The same results without the page around them, for one that is typing. */
async function showResults(request: Request, response: Response) {
  showFragment(request, response, await outcomeOf(request, response));
}

/** Whoever searches too often reads so on the page of the search, with the words still in the form. */
async function keepText(error: unknown, request: Request, response: Response, next: NextFunction) {
  if (!(error instanceof Problem) || error.status !== 429) return next(error);

  setStatus(response, error);
  const outcome = { results: null, error: error.message };
  if (request.path === "/results") showFragment(request, response, outcome);
  else await showPage(request, response, outcome);
}

async function showPage(request: Request, response: Response, outcome: Outcome) {
  const typed = typedIn(request);
  const { models, isBehind } = await search.scope(currentUser(request).id);

  await response.page("chat/searches/show", {
    title: typed.q ? `${firstWords(typed.q, TITLE_CHARACTERS)} · Search` : "Search",
    typed,
    filters: {
      isOpen: Boolean(typed.from || typed.to || typed.role || typed.model),
      models: models.map((id) => ({ id, name: modelName(id) })),
    },
    isBehind,
    ...outcome,
    message: outcome.error ?? undefined,
  });
}

function showFragment(request: Request, response: Response, outcome: Outcome) {
  const typed = typedIn(request);
  response.set("Cache-Control", "no-store").type("html");
  response.send(fragment(request, "chat/searches/_results", { typed, ...outcome }));
}

interface Outcome {
  results: ReturnType<typeof shown> | null;
  error: string | null;
}

async function outcomeOf(request: Request, response: Response): Promise<Outcome> {
  const form = searchForm(request.query);

  if (form.ok) {
    const number = pageNumber(request.query.page);
    const results = await search.find(currentUser(request).id, form.value, number);
    return { results: results && shown(results, typedIn(request)), error: null };
  } else {
    response.status(422);
    return { results: null, error: Object.values(form.errors)[0] ?? null };
  }
}

function typedIn({ query }: Request): Typed {
  const typed = keep(query, SEARCH_FIELDS);
  return { ...typed, q: typed.q?.trim() ?? "" };
}

function shown({ hits, wanted, number, hasMore, ...rest }: search.Results, typed: Typed) {
  const pageAt = (page: number) =>
    `/search?${new URLSearchParams({ ...typed, page: String(page) })}`;

  return {
    ...rest,
    words: wanted.length,
    isFull: rest.count === search.MOST_RANKED,
    hits: hits.map(({ body, ...hit }) => ({
      ...hit,
      title: marked(hit.title, wanted),
      author: hit.role === "question" ? "You" : modelName(hit.model),
      snippet: snippet(body, wanted),
    })),
    page: {
      number,
      older: hasMore ? pageAt(number + 1) : null,
      newer: number > 1 ? pageAt(number - 1) : null,
    },
  };
}
