import { type Asked, fence, paragraphs, pick, type Topic, words } from "./topic.js";

interface Sample {
  language: string;
  name: string;
  asked: RegExp;
  does: string;
  source: string;
}

const TYPESCRIPT: Sample = {
  language: "ts",
  name: "TypeScript",
  asked: /\b(typescript|ts)\b/i,
  does: "It runs something again when it fails, and waits twice as long each time.",
  source: `
export async function retry<T>(work: () => Promise<T>, attempts = 3, delayMs = 200): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs * 2 ** (attempt - 1)));
    }
  }
}`,
};

const PYTHON: Sample = {
  language: "python",
  name: "Python",
  asked: /\b(python|py)\b/i,
  does: "It says which kinds of files take up the most room in a folder.",
  source: `
from collections import Counter
from pathlib import Path


def sizes_by_suffix(folder):
    sizes = Counter()
    for path in Path(folder).rglob("*"):
        if path.is_file():
            sizes[path.suffix or "none"] += path.stat().st_size
    return sizes.most_common(5)


for suffix, size in sizes_by_suffix("."):
    print(f"{suffix:>8} {size / 1_000_000:8.1f} MB")`,
};

const SQL: Sample = {
  language: "sql",
  name: "SQL",
  asked: /\b(sql|sqlite|postgres\w*|mysql|query)\b/i,
  does: "It finds the newest message of each conversation, and counts how many there are.",
  source: `
SELECT title, body, messages
FROM (
  SELECT
    conversation.title,
    message.body,
    count(*) OVER (PARTITION BY conversation.id) AS messages,
    row_number() OVER (PARTITION BY conversation.id ORDER BY message.id DESC) AS place
  FROM conversation
  JOIN message ON message.conversation_id = conversation.id
) AS numbered
WHERE place = 1
ORDER BY messages DESC
LIMIT 10;`,
};

const JAVASCRIPT: Sample = {
  language: "js",
  name: "JavaScript",
  asked: /\b(java ?script|js|node)\b/i,
  does: "It finds the most frequent words of a text.",
  source: String.raw`
function frequentWords(text, most = 5) {
  const counts = new Map();
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, most);
}

frequentWords("to be or not to be"); // [["to", 2], ["be", 2], ["or", 1], ["not", 1]]`,
};

const SHELL: Sample = {
  language: "sh",
  name: "shell",
  asked: /\b(shell|bash|zsh|terminal|command line)\b/i,
  does: "It lists the ten largest files below the folder that you are in.",
  source: "find . -type f -exec du -h {} + | sort -rh | head -n 10",
};

const SAMPLES = [TYPESCRIPT, PYTHON, SQL, JAVASCRIPT, SHELL] as const;

const OTHERS =
  /\b(rust|golang|java|kotlin|swift|ruby|php|perl|haskell|scala|elixir|clojure|lua|cobol|fortran|zig|css|html)\b|\bc(\+\+|#)|\b(in|some) (go|c|r)\b/i;

export const code: Topic = {
  name: "showing code",
  finds: words(
    /\b(code|codes|coding|program|script|function|snippet|algorithm|regex|typescript|java ?script|python|sql|bash|shell|fibonacci|fizz ?buzz)\b|\bhello,? world\b|\bin (rust|golang|java|ruby|php|c\+\+|c#)/i,
  ),
  say: ({ question, variant }: Asked) => {
    const sample = SAMPLES.find(({ asked }) => asked.test(question)) ?? pick(variant, SAMPLES);

    return paragraphs(
      `${opening(question, sample, variant)} ${sample.does}`,
      fence(sample.language, sample.source),
      "I know it by heart and cannot change it to what you need. The button in the corner of the block copies it.",
    );
  },
};

function opening(question: string, { name, asked }: Sample, variant: number): string {
  const other = asked.test(question) ? null : OTHERS.exec(question)?.[0];
  if (other) return `I have nothing in that language, so here is some ${name} instead.`;

  return pick(variant, [
    `Here is a little ${name}.`,
    `A few lines of ${name}.`,
    `Some ${name}, as short as it is useful.`,
  ]);
}
