// What somebody has typed and not sent: one text in each conversation, and one for a new one.
import { NotFound } from "../errors.js";
import { randomToken } from "../lib/tokens.js";
import { read, statement, write } from "../stores/statements.js";

/** A text, and a name for it as it is now: whoever saves another says which one they had before them. */
export interface Draft {
  text: string;
  version: string;
}

interface Place {
  userId: string;
  conversationId: string | null;
}

interface Saved {
  version: string;
  /** What was written over though the one who saved did not have it before them. */
  replaced: string | null;
}

interface Row extends Place, Draft {
  id: string;
}

const FIND = statement<{ id: string; userId: string }, Draft>(`
  SELECT text, version FROM Draft WHERE id = @id AND userId = @userId`);
const IS_THERE = statement<Place, { id: string }>(`
  SELECT id FROM Conversation WHERE id = @conversationId AND userId = @userId AND trashedAt IS NULL`);
const KEEP = statement<Row>(`
  INSERT INTO Draft (id, userId, conversationId, text, version)
  VALUES (@id, @userId, @conversationId, @text, @version)
  ON CONFLICT (id) DO UPDATE SET text = @text, version = @version`);
const DELETE = statement<{ id: string; userId: string }>(`
  DELETE FROM Draft WHERE id = @id AND userId = @userId`);
// Another one, typed elsewhere, stays.
const DELETE_SENT = statement<Draft & { id: string }>(`
  DELETE FROM Draft WHERE id = @id AND (version = @version OR instr(@text, text) > 0)`);

export async function find(userId: string, conversationId: string | null): Promise<Draft | null> {
  return (await read(() => FIND.get({ id: idOf({ userId, conversationId }), userId }))) ?? null;
}

/** Keeps a text in the place of what was there; an empty one is none. `known` is the version that it was written over. */
export async function save(place: Place, text: string, known: string | null): Promise<Saved> {
  const { userId, conversationId } = place;
  const id = idOf(place);
  const version = randomToken();

  return write(() => {
    if (conversationId !== null && !IS_THERE.get(place)) throw new NotFound();
    const before = FIND.get({ id, userId });

    if (text.trim() === "") DELETE.run({ id, userId });
    else KEEP.run({ id, ...place, text, version });
    const isLost = before && before.version !== known && !text.includes(before.text);
    return { version, replaced: isLost ? before.text : null };
  });
}

/** What was typed has been sent; part of a write. */
export function forgetSent(place: Place, text: string, version: string | null) {
  DELETE_SENT.run({ id: idOf(place), text, version: version ?? "" });
}

function idOf({ userId, conversationId }: Place): string {
  return conversationId ?? userId;
}
