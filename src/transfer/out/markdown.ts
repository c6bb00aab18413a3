import { thoughtFor } from "../../helpers/numbers.js";
import { outcomeOf } from "../../helpers/outcomes.js";
import { spokenTime } from "../../helpers/time.js";
import { spokenBytes } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";
import type { Leaving, LeavingMessage } from "../../models/conversations/transfer.js";

/** A branch of a conversation for people to read, as Markdown. `nameOf` says what a model is called. */
export async function* markdown(
  { title, createdAt }: Leaving,
  messages: AsyncIterable<LeavingMessage>,
  nameOf: (model: string | null) => string,
): AsyncGenerator<string> {
  yield `# ${plain(title)}\n\n*${t("Begun {time}", { time: spokenTime(new Date(createdAt)) })}*\n`;

  for await (const message of messages) {
    yield message.role === "question" ? question(message) : answer(message, nameOf(message.model));
  }
}

function question({ body, files }: LeavingMessage): string {
  const attached = files.map(
    ({ name, bytes }) =>
      `- *${t("File: {name}, {size}", { name: plain(name), size: spokenBytes(bytes) })}*`,
  );
  const parts = [`## ${t("You")}`, attached.join("\n"), body.trimEnd()];
  return `\n${parts.filter(Boolean).join("\n\n")}\n`;
}

function answer({ body, reasoning, thoughtForMs, ...ended }: LeavingMessage, model: string) {
  const outcome = outcomeOf({ ...ended, bytes: body.length });
  const parts = [
    `## ${plain(model)}`,
    reasoning && quoted(`*${thoughtFor(thoughtForMs)}*\n\n${reasoning.trimEnd()}`),
    body.trimEnd(),
    outcome && `*${outcome.text}*`,
  ];
  return `\n${parts.filter(Boolean).join("\n\n")}\n`;
}

// What is a heading here was no Markdown where it came from.
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~$]/g, "\\$&");
}

function quoted(text: string): string {
  return text.replace(/^/gm, "> ").replace(/^> $/gm, ">");
}
