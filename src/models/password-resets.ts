import { NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { digest, randomToken } from "../lib/tokens.js";
import { db } from "../stores/database.js";
import { weakness } from "./passwords/strength.js";
import * as passwords from "./passwords.js";
import * as users from "./users.js";

const LIFETIME_MS = 60 * 60_000;

/** A fresh single-use token for one hour; earlier ones of the same person stop working. */
export async function create(username: string): Promise<string> {
  const user = await users.named(username);
  const token = randomToken(32);

  await db.$transaction([
    db.passwordReset.deleteMany({ where: { userId: user.id } }),
    db.passwordReset.create({
      data: { id: digest(token), userId: user.id, expiresAt: new Date(Date.now() + LIFETIME_MS) },
    }),
  ]);
  return token;
}

export async function find(token: string) {
  const reset = await db.passwordReset.findFirst({
    where: { id: digest(token), expiresAt: { gt: new Date() } },
    select: { id: true, user: { select: { id: true, username: true } } },
  });

  if (reset) {
    return reset;
  } else {
    throw new NotFound(
      t("This link has been used or is too old. Ask your administrator for a new one."),
    );
  }
}

type Used = { userId: string } | { weak: string };

/** Uses the link up and sets the password, unless that is weak. */
export async function use(token: string, password: string): Promise<Used> {
  const { id, user } = await find(token);
  const weak = await weakness(password, user.username);
  if (weak) return { weak };

  // Digested first: a server too busy for that must not cost the link.
  const passwordDigest = await passwords.digestOf(password);
  const [changed] = await db.$transaction([
    // Of two uses at once only one finds the row still there.
    db.user.updateMany({ where: { passwordResets: { some: { id } } }, data: { passwordDigest } }),
    db.session.deleteMany({ where: { userId: user.id } }),
    db.passwordReset.deleteMany({ where: { userId: user.id } }),
  ]);
  if (changed.count === 0) throw new NotFound(t("This link has been used already."));
  return { userId: user.id };
}

export async function prune() {
  await db.passwordReset.deleteMany({ where: { expiresAt: { lt: new Date() } } });
}
