import { type NextFunction, type Request, type Response, Router } from "express";
import { Gone, NotFound, Problem, TooMany } from "../../errors.js";
import { keep } from "../../forms/form.js";
import * as stored from "../../generator/stored.js";
import { fileView } from "../../helpers/file-view.js";
import { doorStylesheets, stylesheetsFor } from "../../helpers/shared-view.js";
import { spokenDuration } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";
import { asDownload, sendParts } from "../../middleware/downloads.js";
import { setStatus } from "../../middleware/errors.js";
import { isLookedAt } from "../../middleware/looked-at.js";
import { fragment } from "../../middleware/pages.js";
import { rateLimits } from "../../middleware/rate-limits.js";
import { noteSecurity } from "../../middleware/security-events.js";
import { withoutScripts } from "../../middleware/security-headers.js";
import { requireSharing, ticketFor } from "../../middleware/sharing.js";
import { requireStorage } from "../../middleware/storage.js";
import { pieces } from "../../models/files.js";
import * as files from "../../models/shares/files.js";
import * as reading from "../../models/shares/reading.js";
import { endedBy, isLocked, openedWith } from "./access.js";

export const sharedRoutes = Router();

const WRONG = t("That is not the password of this link.");

type SharedRequest = Request<{ token: string }>;
type FileParams = { token: string; place: string; number: string };

sharedRoutes.use(withoutScripts, discreetly, requireSharing);
sharedRoutes.get("/:token", show);
sharedRoutes.get("/:token/files/:place/:number", showFile);
sharedRoutes.post("/:token", requireStorage, rateLimits.sharePassword, open);
sharedRoutes.use(showProblem);

// Nobody keeps it without asking again: it may be revoked at any time.
function discreetly(_request: Request, response: Response, next: NextFunction) {
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("Referrer-Policy", "no-referrer");
  response.setHeader("X-Robots-Tag", "noindex, nofollow, noarchive");
  next();
}

/** A share without conditions is read at once; any other has a door, which opens to a button and counts only then. */
async function show(request: SharedRequest, response: Response) {
  const share = await readable(request);
  if (isLocked(share)) return showDoor(request, response, share, null);

  await showMessages(request, response, share);
  if (isLookedAt(request)) reading.countViewLater(share.id);
}

async function open(request: SharedRequest, response: Response) {
  const share = await readable(request);
  if (!isLocked(share)) return response.redirect(303, `/s/${request.params.token}`);

  if (share.hasPassword && !(await isLetIn(request, share))) {
    noteSecurity(request, "share-password-failed", { share: share.id });
    response.status(401);
    return showDoor(request, response, share, WRONG);
  }

  if (!(await reading.countView(share.id))) throw endedBy("used");
  await showMessages(request, response, share);
}

async function readable({ params }: SharedRequest): Promise<reading.Opened> {
  const share = await reading.findByToken(params.token);
  if (share.ended) throw endedBy(share.ended);
  return share;
}

async function isLetIn(request: SharedRequest, share: reading.Opened): Promise<boolean> {
  const { password = "" } = keep(request.body, ["password"]);
  const outcome = await reading.tryPassword(share, password);
  if (typeof outcome === "boolean") return outcome;

  const wait = spokenDuration(outcome.waitSeconds);
  const message = t("There were too many wrong passwords for this link. Try again in {wait}.", {
    wait,
  });
  throw new TooMany(message, outcome.waitSeconds, "share_passwords");
}

async function showMessages(request: SharedRequest, response: Response, share: reading.Opened) {
  const rows = await reading.messages(share.id);
  // Revoked in this very moment.
  if (rows.length === 0) throw endedBy("revoked");

  const messages = await stored.withSharedHtml(share.id, rows);
  const ticket = isLocked(share) ? `?ticket=${ticketFor(share)}` : "";
  const address = `/s/${request.params.token}`;
  const copying = `${address}/copies/new${ticket}`;
  const filesOf = ({ files, place }: reading.SharedMessage) =>
    files.map((file, number) => ({
      ...fileView(file),
      address: share.showsFiles ? `${address}/files/${place}/${number}${ticket}` : null,
    }));
  if (isLocked(share)) response.setHeader("Cache-Control", "no-store");

  send(request, response, {
    view: "shared/conversations/show",
    title: share.title,
    stylesheets: stylesheetsFor(messages),
    locals: { share, messages, filesOf, copying },
  });
}

/** A file of a question, always to be saved; whoever has not been let in meets the door. */
async function showFile(request: Request<FileParams>, response: Response) {
  const { token, place, number } = request.params;
  const share = await openedWith(token, request.query.ticket);
  if (!share) return response.redirect(303, `/s/${token}`);

  const file = await files.find(share.id, Number(place), Number(number));
  asDownload(response, { name: file.name, type: "application/octet-stream" });
  response.setHeader("Content-Length", String(file.bytes));
  await sendParts(response, pieces(file.id));
}

// Under no-referrer a browser would send `Origin: null` with this form, which would refuse it.
function showDoor(
  request: SharedRequest,
  response: Response,
  share: reading.Opened,
  error: string | null,
) {
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Referrer-Policy", "same-origin");
  send(request, response, {
    view: "shared/conversations/door",
    title: t("A shared conversation"),
    stylesheets: doorStylesheets(),
    locals: { share, error, action: `/s/${request.params.token}` },
  });
}

// What is refused is said on a page like the others, so that strangers meet no other.
function showProblem(error: unknown, request: Request, response: Response, next: NextFunction) {
  if (!(error instanceof Problem) || error.status === 500) return next(error);

  setStatus(response, error);
  response.setHeader("Cache-Control", "no-store");
  send(request, response, {
    view: "shared/conversations/problem",
    title: titleOf(error),
    stylesheets: doorStylesheets(),
    locals: { heading: titleOf(error), message: error.message },
  });
}

function titleOf(problem: Problem): string {
  if (problem instanceof NotFound) return t("There is nothing here");
  if (problem instanceof Gone) return t("This link has ended");
  return t("That did not work");
}

interface Shown {
  view: string;
  title: string;
  stylesheets: string[];
  locals: object;
}

function send(request: Request, response: Response, { view, title, stylesheets, locals }: Shown) {
  const body = fragment(request, view, locals);
  response
    .type("html")
    .send(fragment(request, "layouts/shared", { title, sheets: stylesheets, body }));
}
