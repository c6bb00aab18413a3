import type { FeedbackType, ZxcvbnFactory } from "@zxcvbn-ts/core";

// Fewer than a million guesses: found in seconds once a digest leaks, and soon enough by asking.
const GUESSABLE_BELOW_SCORE = 2;
// Its cost grows with the square of the length; more characters than this are strong by themselves.
const LONGEST_EXAMINED = 32;

const REASONS: Partial<Record<NonNullable<FeedbackType["warning"]>, string>> = {
  topTen: "It is one of the ten most used passwords.",
  topHundred: "It is one of the hundred most used passwords.",
  common: "It is a commonly used password.",
  similarToCommon: "It is too much like a commonly used password.",
  userInputs: "It is made of your name or of this product's.",
  straightRow: "It is a row of keys on the keyboard.",
  keyPattern: "It is a short pattern on the keyboard.",
  simpleRepeat: "It repeats one character.",
  extendedRepeat: "It repeats one short part.",
  sequences: "It is a sequence such as abc or 6543.",
  dates: "It is a date.",
  recentYears: "It is a year.",
  wordByItself: "It is a single word.",
  namesByThemselves: "It is a name.",
  commonNames: "It is a common name.",
};

let examiner: Promise<ZxcvbnFactory> | null = null;

/** Why a password would be guessed soon, in a sentence; null when it would not. */
export async function weakness(password: string, username: string): Promise<string | null> {
  const context = [username, ...username.split(/[^\p{L}\p{N}]+/u), "aifacade", "deepseek"];
  examiner ??= load();
  const { score, feedback } = (await examiner).check(
    password.slice(0, LONGEST_EXAMINED),
    context.filter((word) => word.length > 2),
  );

  if (score >= GUESSABLE_BELOW_SCORE) {
    return null;
  } else {
    const reason = feedback.warning && REASONS[feedback.warning];
    return `This password would be guessed quickly. ${reason || "It is too simple."}`;
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
