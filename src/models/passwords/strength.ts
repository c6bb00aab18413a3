import type { FeedbackType, ZxcvbnFactory } from "@zxcvbn-ts/core";
import { t } from "../../lib/texts.js";

// Fewer than a million guesses: found in seconds once a digest leaks, and soon enough by asking.
const GUESSABLE_BELOW_SCORE = 2;
// Its cost grows with the square of the length (0.7 s for 64 signs like 4@$!): the beginning has to do.
const LONGEST_EXAMINED = 32;

type Warning = NonNullable<FeedbackType["warning"]> | "none";

const REASONS: Partial<Record<Warning, string>> = {
  topTen: t("It is one of the ten most used passwords."),
  topHundred: t("It is one of the hundred most used passwords."),
  common: t("It is a commonly used password."),
  similarToCommon: t("It is too much like a commonly used password."),
  userInputs: t("It is made of your name or of this product's."),
  straightRow: t("It is a row of keys on the keyboard."),
  keyPattern: t("It is a short pattern on the keyboard."),
  simpleRepeat: t("It repeats one character."),
  extendedRepeat: t("It repeats one short part."),
  sequences: t("It is a sequence such as abc or 6543."),
  dates: t("It is a date."),
  recentYears: t("It is a year."),
  wordByItself: t("It is a single word."),
  namesByThemselves: t("It is a name."),
  commonNames: t("It is a common name."),
};

let examiner: Promise<ZxcvbnFactory> | null = null;

/** Why a password would be guessed soon, in a sentence; null when it would not. */
export async function weakness(password: string, username: string): Promise<string | null> {
  const context = contextOf(username);
  const warning = (await examine(password, context)) ?? (await examineRest(password, context));

  if (warning === null) {
    return null;
  } else {
    const reason = REASONS[warning] ?? t("It is too simple.");
    return `${t("This password would be guessed quickly.")} ${reason}`;
  }
}

function contextOf(username: string): string[] {
  const words = [username, ...username.split(/[^\p{L}\p{N}]+/u), "aifacade", "deepseek"];
  return words.filter((word) => word.length > 2).map((word) => word.toLowerCase());
}

async function examine(password: string, context: string[]): Promise<Warning | null> {
  examiner ??= load();
  const examined = password.slice(0, LONGEST_EXAMINED);
  const { score, feedback } = (await examiner).check(examined, context);
  return score >= GUESSABLE_BELOW_SCORE ? null : (feedback.warning ?? "none");
}

// One's name, a sign and the product's name are three parts to it, and hard to guess; to people they are not.
async function examineRest(password: string, context: string[]): Promise<Warning | null> {
  const whole = password.toLowerCase();
  const rest = context.reduce((text, word) => text.replaceAll(word, ""), whole);

  if (rest === whole || (await examine(rest, [])) === null) {
    return null;
  } else {
    return "userInputs";
  }
}

// Its dictionaries take 17 MB, so they are read when the first password is chosen.
async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}
