import { config } from "../config.js";
import { TooMany } from "../errors.js";
import { plural, t } from "../lib/texts.js";

const COME_BACK_SECONDS = 15;

const taken = new Map<string, number>();
let inAll = 0;

/** Takes one of the places for running answers, of this person and of all, or says why there is none. */
export function takePlace(userId: string) {
  const mine = taken.get(userId) ?? 0;

  if (config.limits.on && mine >= config.limits.runningPerPerson) {
    throw new TooMany(
      plural(
        mine,
        "{count} answer of yours is being written already, which is the limit. Wait for one or stop one, then send this.",
        "{count} answers of yours are being written already, which is the limit. Wait for one or stop one, then send this.",
      ),
      COME_BACK_SECONDS,
      "running_per_person",
    );
  }
  if (config.limits.on && inAll >= config.limits.runningInAll) {
    throw new TooMany(
      t("The server is writing as many answers as it can. Please send this again in a moment."),
      COME_BACK_SECONDS,
      "running_in_all",
    );
  }

  holdPlace(userId);
}

/** Takes a place for an answer that had one before: it counts, and is not refused. */
export function holdPlace(userId: string) {
  taken.set(userId, (taken.get(userId) ?? 0) + 1);
  inAll += 1;
}

export function freePlace(userId: string) {
  const mine = (taken.get(userId) ?? 1) - 1;

  if (mine > 0) taken.set(userId, mine);
  else taken.delete(userId);
  inAll -= 1;
}
