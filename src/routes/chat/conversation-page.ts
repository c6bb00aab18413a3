import type { Request, Response } from "express";
import { config } from "../../config.js";
import { keep, type Refused } from "../../forms/form.js";
import { readModelChoice } from "../../forms/model-choice.js";
import { PARAMETER_FIELDS, parameterValues } from "../../forms/parameters.js";
import { isOffered } from "../../generator/catalogue.js";
import type { FileRow } from "../../helpers/file-view.js";
import { spentLine } from "../../helpers/spending.js";
import { t } from "../../lib/texts.js";
import { randomToken } from "../../lib/tokens.js";
import { currentUser } from "../../middleware/authentication.js";
import * as drafts from "../../models/drafts.js";
import * as files from "../../models/files.js";
import * as folders from "../../models/folders.js";
import * as path from "../../models/messages/path.js";
import { NO_PARAMETERS, type Parameters } from "../../models/parameters.js";
import * as presets from "../../models/presets.js";
import { articlesOf } from "./articles.js";
import { parametersView, writerOf } from "./choices.js";
import { pickerFor } from "./picker.js";

/** What stands in the composer: what was typed and refused, or nothing. */
export interface Typed {
  text: string;
  error: string | null;
  files: FileRow[];
}

/** The same, with the version of it that is kept; null where what stands there is not what is kept. */
type Text = Typed & { version: string | null };

/** A new conversation, with the folder that it is to be in, the preset that it begins with and what it is to be asked with. */
interface Blank {
  folderId: number | null;
  presetId?: string | undefined;
  typed?: Typed;
  chosen?: Refused;
}

type Place = { id: string } & path.Window;

const GONE = t("That conversation is gone. Send this again to begin a new one.");

/** A new conversation: the greeting and the composer, with what it is to be asked with. */
export async function showBlank(
  request: Request,
  response: Response,
  { folderId, presetId = "", typed, ...blank }: Blank,
) {
  const { id: userId } = currentUser(request);
  const { offered, preset } = await presets.choices(userId, presetId);
  const chosen = blank.chosen ?? (preset ? chosenBy(preset) : chosenLast(request));
  const folder = folderId && (await folders.findBy(userId, folderId));
  const text = await textFor(request, null, await drafts.findWaiting(userId, null), typed);
  await response.page("chat/conversations/show", {
    title: "",
    conversation: null,
    spent: null,
    earlier: null,
    later: null,
    greeting: !typed,
    preset,
    cards: cardsOf(offered, folderId),
    composer: {
      ...composer(text, null, null),
      folder,
      asking: {
        ...askingView(chosen, { isOpen: !preset && isFilled(chosen) }),
        prompts: "/prompts",
      },
    },
  });
}

/** For what was sent to a conversation that is not there: its text and files, and a new one. */
export async function showGone(request: Request, response: Response, typed: Typed) {
  response.status(404);
  await showBlank(request, response, { folderId: null, typed: { ...typed, error: GONE } });
}

/** A conversation of this person, along one path of its tree; returns what was read. */
export async function showConversation(
  request: Request,
  response: Response,
  { id: conversationId, ...window }: Place,
  typed?: Typed,
) {
  const { id: userId } = currentUser(request);
  const reading = await path.read(userId, conversationId, window);
  const { conversation } = reading;
  const articles = await articlesOf(request, reading.places);
  const grows = reading.places.some(({ id }) => id === reading.running);

  await response.page(
    "chat/conversations/show",
    {
      title: conversation.title,
      conversation,
      openId: conversation.id,
      spent: spentLine(reading.spent),
      ...neighbours(conversationId, reading),
      greeting: false,
      preset: conversation.preset,
      cards: null,
      // Without JavaScript the browser goes where the answer grows; what was typed must not go with it.
      refresh:
        grows && !typed ? { seconds: 0, url: `/conversations/${conversation.id}/live` } : null,
      composer: {
        ...composer(
          await textFor(request, conversation.id, reading.draft, typed),
          reading.lastAnswer,
          reading.running,
        ),
        asking: {
          writer: writerOf(conversation.chosen),
          address: `/conversations/${conversation.id}/parameters`,
          prompts: `/prompts?conversation=${conversation.id}`,
        },
      },
    },
    articles,
  );
  return reading;
}

// Whichever is chosen, the folder stays.
function cardsOf(offered: presets.Offered[], folderId: number | null) {
  const folder: Record<string, string> = folderId ? { folder: String(folderId) } : {};
  const addressOf = (query: Record<string, string>) => `/?${new URLSearchParams(query)}`;
  return {
    none: folderId ? addressOf(folder) : "/",
    presets: offered.map((preset) => ({
      ...preset,
      address: addressOf({ preset: preset.id, ...folder }),
    })),
  };
}

function composer({ files, ...text }: Text, parentId: number | null, running: number | null) {
  const limit = config.limits.promptCharacters;
  const picker = pickerFor(files);
  return { ...text, key: randomToken(), parentId, running, folder: null, limit, picker };
}

/** The form of what a new conversation is to be asked with. Closed, it would hide what is wrong with it. */
export function askingView(chosen: Refused, { isOpen }: { isOpen: boolean }) {
  return {
    writer: writerOf(readModelChoice(chosen.values.model) ?? NO_PARAMETERS),
    address: null,
    parameters: parametersView(chosen),
    isOpen: isOpen || Object.keys(chosen.errors).length > 0,
  };
}

/** Whoever has chosen a model once mostly wants it again, unless it is gone meanwhile. */
export function chosenLast({ session }: Request): Refused {
  const { draft } = session ?? {};
  if (draft?.conversationId === null && draft.chosen) return { values: draft.chosen, errors: {} };

  const last = readModelChoice(session?.model);
  const model = last && isOffered(last) ? session.model : "";
  return { values: keep({ model }, PARAMETER_FIELDS), errors: {} };
}

function chosenBy({ parameters }: { parameters: Parameters }): Refused {
  return { values: parameterValues(parameters), errors: {} };
}

/** Whether somebody wrote something there, which would be hidden. */
export function isFilled({ values: { model, ...others } }: Refused): boolean {
  return Object.values(others).some(Boolean);
}

// What was refused, else what was typed when a session had ended, else what is kept.
async function textFor(
  request: Request,
  conversationId: string | null,
  kept: drafts.Waiting,
  typed?: Typed,
): Promise<Text> {
  const expired = request.session?.draft;
  if (typed) return { ...typed, version: null };
  if (expired?.conversationId !== conversationId) return { ...kept, error: null };

  const waiting = await files.present(currentUser(request).id, expired.files ?? []);
  return { text: expired.text, error: null, version: null, files: waiting };
}

type Reading = Awaited<ReturnType<typeof path.read>>;

// Along this branch, whichever is looked at meanwhile. What comes later begins with what was read last.
function neighbours(conversationId: string, { id, earlierThan, laterThan }: Reading) {
  const end = `/conversations/${conversationId}?message=${id}`;

  return {
    earlier: earlierThan && `${end}&before=${earlierThan}`,
    later: laterThan && { next: `${end}&from=${laterThan}#message-${laterThan}`, end },
  };
}
