import type { Request } from "express";
import { type SessionData, Store } from "express-session";
import { config } from "../config.js";
import { digest } from "../lib/tokens.js";
import { db } from "./database.js";
import { takesWrites } from "./disk.js";
import { isGone } from "./failures.js";
import { read, statement, storedDate } from "./statements.js";

const DAY_MS = 86_400_000;

const VALID = statement<{ id: string; now: string; oldest: string }, { data: string }>(`
  SELECT data FROM Session WHERE id = @id AND expiresAt > @now AND createdAt > @oldest`);

type Callback<T = void> = (error?: unknown, value?: T) => void;

/** Sessions of people who are logged in; an anonymous visitor has none, so none is ever stored. */
export class DatabaseSessionStore extends Store {
  // A page only reads: what it touches is written in one statement, once a minute.
  readonly #touched = new Set<string>();
  readonly #ended = new Set<string>();
  // What came out of the table: where its row is gone, it has been ended meanwhile and stays so.
  readonly #loaded = new WeakSet<SessionData>();

  override get(sid: string, done: Callback<SessionData | null>) {
    const id = digest(sid);
    answer(done, this.#ended.has(id) ? Promise.resolve(null) : load(id));
  }

  override createSession(request: Request, data: SessionData) {
    const session = super.createSession(request, data);
    this.#loaded.add(session);
    return session;
  }

  override set(sid: string, session: SessionData, done: Callback = () => {}) {
    const write = this.#loaded.has(session) ? rewrite : save;
    answer(done, write(digest(sid), session));
  }

  override destroy(sid: string, done: Callback = () => {}) {
    answer(done, this.#end(digest(sid)));
  }

  override touch(sid: string, _session: SessionData, done: () => void = () => {}) {
    this.#touched.add(digest(sid));
    done();
  }

  // Whoever logs out is logged out, also while the disk takes no writes: the row goes when it can.
  async #end(id: string) {
    try {
      await remove(id);
    } catch (error) {
      if (takesWrites()) throw error;
      this.#ended.add(id);
    }
  }

  async #removeEnded() {
    const ids = [...this.#ended];
    if (ids.length === 0 || !takesWrites()) return;

    await db.session.deleteMany({ where: { id: { in: ids } } });
    for (const id of ids) this.#ended.delete(id);
  }

  async writeTouched(): Promise<void> {
    await this.#removeEnded();
    const ids = [...this.#touched];
    this.#touched.clear();
    if (ids.length === 0) return;

    await db.session.updateMany({ where: { id: { in: ids } }, data: { expiresAt: idleLimit() } });
  }
}

export const sessionStore = new DatabaseSessionStore();

async function load(id: string): Promise<SessionData | null> {
  const now = new Date();
  const oldest = new Date(now.getTime() - config.sessions.absoluteDays * DAY_MS);
  const row = await read(() => VALID.get({ id, now: storedDate(now), oldest: storedDate(oldest) }));

  return row ? JSON.parse(row.data) : null;
}

async function save(id: string, session: SessionData) {
  const userId = session.passport?.user;
  if (!userId) return remove(id);

  const row = { data: JSON.stringify(session), expiresAt: idleLimit() };
  await db.session
    .upsert({ where: { id }, create: { id, userId, ...row }, update: row })
    .catch(ignoreGonePerson);
}

async function rewrite(id: string, session: SessionData) {
  if (!session.passport?.user) return remove(id);
  const row = { data: JSON.stringify(session), expiresAt: idleLimit() };
  await db.session.updateMany({ where: { id }, data: row });
}

// Deleting many does not fail where there is nothing to delete.
async function remove(id: string) {
  await db.session.deleteMany({ where: { id } });
}

function ignoreGonePerson(error: unknown) {
  if (!isGone(error)) throw error;
}

function idleLimit(): Date {
  return new Date(Date.now() + config.sessions.idleDays * DAY_MS);
}

function answer<T>(done: Callback<T>, work: Promise<T>) {
  work.then((value) => done(null, value), done);
}
