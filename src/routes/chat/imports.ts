import { type NextFunction, type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { Problem } from "../../errors.js";
import { type ImportChoice, readImportChoice } from "../../forms/import-choice.js";
import { pageNumber } from "../../forms/paging.js";
import { problemWords } from "../../helpers/import-problems.js";
import { leftOutWords, libraryWords, messagesWords } from "../../helpers/imports.js";
import { downloadName } from "../../lib/download-names.js";
import { t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { showingAgain } from "../../middleware/errors.js";
import { flash } from "../../middleware/flash.js";
import { nameOf, receiveImport } from "../../middleware/import-file.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { requireStorage } from "../../middleware/storage.js";
import * as items from "../../models/imports/items.js";
import * as imports from "../../models/imports.js";
import * as transfer from "../../transfer/in/imports.js";
import { pageLinks } from "./listing.js";

export const importRoutes = Router();

const NO_FILE = t("Choose a file first.");
const REFRESH_SECONDS = 2;

type ImportRequest = Request<{ id: string }>;

importRoutes.get("/", index);
importRoutes.post(
  "/",
  requireStorage,
  rateLimits.import,
  refuseWhileUnderWay,
  receiveImport,
  create,
);
importRoutes.get("/:id", show);
importRoutes.patch("/:id", requireStorage, update);
importRoutes.delete("/:id", destroy);
importRoutes.use(
  showingAgain((request, response, problem) => showIndex(request, response, problem.message)),
);

async function index(request: Request, response: Response) {
  await showIndex(request, response, null);
}

async function showIndex(request: Request, response: Response, error: string | null) {
  await response.page("chat/imports/index", {
    title: t("Import conversations"),
    imports: await imports.recent(currentUser(request).id),
    maxMegabytes: config.imports.maxBytes / 1_000_000,
    message: error,
  });
}

// Before it has come: it may be large.
async function refuseWhileUnderWay(request: Request, _response: Response, next: NextFunction) {
  await imports.refuseWhileUnderWay(currentUser(request).id);
  next();
}

/** Takes a file; what is in it is shown once it has been read. */
async function create(request: Request, response: Response) {
  if (!request.file) throw new Problem(422, NO_FILE);

  const name = downloadName(nameOf(request));
  const id = await transfer.receive(currentUser(request).id, name, request.file.path);
  response.redirect(303, `/imports/${id}`);
}

async function show(request: ImportRequest, response: Response) {
  const found = await imports.find(currentUser(request).id, request.params.id);
  const isBusy = found.state === "reading" || found.state === "importing";

  await response.page("chat/imports/show", {
    title: t("Import conversations"),
    found: { ...found, problem: problemWords(found.problem) },
    isBusy,
    counts: await items.counts(found.id),
    page: await pageOf(found, pageNumber(request.query.page)),
    refresh: isBusy ? { seconds: REFRESH_SECONDS, url: `/imports/${found.id}` } : null,
  });
}

// What may be chosen, or, once that has been done, what did not come and why.
async function pageOf({ id, state }: imports.Import, number: number) {
  const page =
    state === "ready"
      ? await items.page(id, number)
      : { items: await items.failures(id), number: 1, hasOlder: false };
  return { ...pageLinks(page), items: page.items.map(shown) };
}

function shown({ leftOut, library, messages, problem, ...item }: items.Item) {
  if (library) {
    return {
      ...item,
      title: t("Presets, prompts and folders"),
      problem: problemWords(problem),
      about: libraryWords(library),
    };
  }
  const about = [item.state === "unfit" ? "" : messagesWords(messages), leftOutWords(leftOut)];
  return { ...item, problem: problemWords(problem), about: about.filter(Boolean).join(", ") };
}

/** Keeps what was chosen on a page, and goes on: to another page, or to taking it all in. */
async function update(request: ImportRequest, response: Response) {
  const { id, state } = await imports.find(currentUser(request).id, request.params.id);
  const choice = readImportChoice(request.body);
  if (state === "ready") await keep(id, choice);

  if (choice.act === "take") {
    if (await transfer.start(id)) noteSecurity(request, "imported");
    else flash(response, "noneChosen");
  }
  response.redirect(303, `/imports/${id}${pageAfter(choice)}`);
}

async function keep(id: string, { act, page, positions }: ImportChoice) {
  if (act === "all") await items.chooseAll(id);
  else if (act === "none") await items.chooseNone(id);
  else await items.choose(id, page, positions);
}

function pageAfter({ act, page }: ImportChoice): string {
  if (act === "older") return `?page=${page + 1}`;
  if (act === "newer") return `?page=${Math.max(1, page - 1)}`;
  return act === "take" ? "" : `?page=${page}`;
}

async function destroy(request: ImportRequest, response: Response) {
  await transfer.remove(currentUser(request).id, request.params.id);
  flash(response, "importForgotten");
  response.redirect(303, "/imports");
}
