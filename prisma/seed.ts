import { fileURLToPath } from "node:url";
import { config } from "../src/config.js";
import { CannotStart } from "../src/errors.js";
import * as generations from "../src/models/generations.js";
import * as questions from "../src/models/messages/questions.js";
import * as users from "../src/models/users.js";
import { RENDERER_VERSION, renderMarkdown } from "../src/rendering/markdown.js";
import { closeDatabase } from "../src/stores/database.js";
import { openStorage } from "../src/tasks/storage.js";
import { conversations } from "./seed/conversations.js";

const PEOPLE = [
  { username: "ada", password: "analytical engine 1843" },
  { username: "grace", password: "nanoseconds of wire" },
];

const SAMPLE = { providerId: null, model: "sample" };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await openStorage();
  await seed();
  await closeDatabase();
}

/** Sample people, and conversations of the first of them. What is there already stays as it is. */
export async function seed() {
  await refuseBesideOthers();

  for (const { username, password } of PEOPLE) {
    const registered = await users.registerMember(username, password);
    if ("person" in registered && username === PEOPLE[0]?.username)
      await talk(registered.person.id);
  }

  console.log("Sample logins:");
  for (const { username, password } of PEOPLE) console.log(`  ${username} / ${password}`);
}

// Everybody can read these passwords; where others have accounts they would open the door.
async function refuseBesideOthers() {
  const names = new Set(PEOPLE.map(({ username }) => username));
  const others = (await users.list()).filter(({ username }) => !names.has(username));

  if (others.length > 0 || config.publicUrl) {
    throw new CannotStart(
      "Sample people have known passwords: they are for a database without others.",
    );
  }
}

async function talk(userId: string) {
  for (const turns of conversations) {
    let conversationId: string | null = null;

    for (const { question, answer } of turns) {
      const draft = { text: question, conversationId, parentId: null, key: null };
      const asked: questions.Asked = await questions.ask(userId, draft, SAMPLE);
      await generations.finish(asked.answerId, ending(answer));
      conversationId = asked.conversationId;
    }
  }
}

const NOTHING_ASKED = {
  askedThinking: null,
  askedTemperature: null,
  askedTopP: null,
  askedMaxTokens: null,
};
// No model was asked, so none is said to have been left uncounted.
const NOTHING_SPENT = {
  promptTokens: 0,
  cachedTokens: null,
  completionTokens: 0,
  reasoningTokens: null,
};

function ending(answer: string): generations.Ending {
  return {
    state: "complete",
    failure: null,
    finishReason: "stop",
    body: answer,
    reasoning: "",
    html: renderMarkdown(answer),
    reasoningHtml: "",
    rendererVersion: RENDERER_VERSION,
    thoughtForMs: null,
    firstTokenMs: null,
    tookMs: 0,
    ...generations.COST_UNKNOWN,
    systemDigest: null,
    oldestDigest: null,
    ...NOTHING_ASKED,
    spent: NOTHING_SPENT,
  };
}
