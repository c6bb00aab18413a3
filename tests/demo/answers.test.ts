import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, goingOn } from "../../src/demo/answers.js";
import type { Message } from "../../src/demo/request.js";
import { tokensOf } from "../../src/demo/tokens.js";
import { titleRequest } from "../../src/generator/title-text.js";
import { renderMarkdown } from "../../src/rendering/markdown.js";

const CASES: [question: string, answer: RegExp][] = [
  ["Hi", /demo model|the demo/],
  ["Good morning!", /demo/],
  ["hello there, how are you?", /demo/],
  ["Thank you!", /thanked|pleasure/],
  ["bye", /until you delete it/],
  ["test", /this came back|same way/],
  ["What is AIFacade?", /self-hosted|your own server/],
  ["Hello, what is AIFacade?", /self-hosted|your own server/],
  ["what is this?", /self-hosted|your own server/],
  ["Who are you?", /not a language model|prepared text/],
  ["Are you ChatGPT?", /`demo`/],
  ["What model is this, what model are you?", /`demo`/],
  ["What can you do?", /by heart|enough to see/],
  ["help", /\*\*Show me a table\*\*/],
  ["How do I connect a real model?", /DEEPSEEK_API_KEY=sk-your-key/],
  ["Where does my API key go?", /`\.env`/],
  ["Can I use Ollama?", /DEEPSEEK_BASE_URL=http/],
  ["Which DEEPSEEK_MODEL is used?", /deepseek-flash/],
  ["Where is my data stored?", /data\/aifacade\.db/],
  ["What about privacy?", /SQLite/],
  ["Who can read my chats?", /Whoever runs the server/],
  ["How do I stop an answer?", /`Esc`/],
  ["stop", /\*\*Stop\*\*/],
  ["How can I regenerate?", /earlier version is not lost/],
  ["Continue", /next character/],
  ["How do I continue a stopped answer?", /next character/],
  ["How do I clear my chat history?", /\*\*Account\*\*/],
  ["Delete this conversation", /trash/],
  ["Which keyboard shortcuts are there?", /\| `Shift` \+ `Enter` \|/],
  ["Is there a dark mode?", /theme/],
  ["Does it work without JavaScript?", /plain forms/],
  ["How do I use this?", /\*\*Regenerate\*\*/],
  ["Show me some code", /```/],
  ["Show me some Python code", /```python\nfrom collections/],
  ["a javascript function please", /```js\n/],
  ["Write TypeScript", /```ts\n/],
  ["an SQL query", /```sql\n/],
  ["a bash one-liner", /```sh\nfind/],
  ["Write a Rust program", /nothing in that language/],
  ["Show me a table", /\| --- \| ---: \|/],
  ["Compare cats and dogs in a table", /prepared one, whatever you asked for/],
  ["Make a list of ten cities", /1\. Warm the pot/],
  ["Show me all of Markdown", /## A heading/],
  ["Give me a long answer", /## 1\. A question is sent/],
  ["How does an answer travel through AIFacade?", /## 1\. A question is sent/],
  ["Tell me a story", /longest text|long one|long answer/],
  ["Wie ist das Wetter in Berlin?", /English only/],
  ["¿Por qué es el cielo azul?", /English only/],
  ["天空为什么是蓝色的？", /English only/],
  ["Почему небо голубое?", /English only/],
  ["What is the capital of France?", /“What is the capital of France\?” \(30 characters\)/],
  ["", /empty message/],
];

for (const [question, answer] of CASES) {
  test(`it has an answer to "${question}"`, () => {
    assert.match(ask(question).content, answer);
  });
}

test("the starters of the greeting are answered in full", () => {
  const databases = ask(
    "Compare SQLite, PostgreSQL and MySQL for a small web application on one server. Make a table (setup, backups, many writers at once, limits), then say in two sentences which you would take and why.",
  );
  const duplicates = ask(
    "Write a short Python script that finds duplicate files in a folder by their content. Comment the parts that are easy to get wrong, and show how to run it.",
  );
  const sky = ask(
    "Why is the sky blue, and why are sunsets red? Explain it first in two sentences for a child, then in two paragraphs for a curious adult.",
  );

  assert.match(databases.content, /\| \*\*Many writers at once\*\* \|/);
  assert.match(duplicates.content, /hashlib\.sha256\(\)/);
  assert.match(sky.content, /Lord Rayleigh/);
});

test("the long answer is about 1,500 words", () => {
  const count = ask("a long answer").content.split(/\s+/).length;
  assert.ok(count > 1400 && count < 1900, `it has ${count} words`);
});

test("a name that was told is found again", () => {
  const { content } = ask("What is my name?", [
    "Hello, my name is Ada Lovelace.",
    "Show me a list",
  ]);
  assert.match(content, /\*\*Ada Lovelace\*\*.*message 1 of the 5/);
});

test("the name that was told last is the name", () => {
  const { content } = ask("what's my name", ["my name is ada and I am 36", "No, call me Grace!"]);
  assert.match(content, /\*\*Grace\*\*/);
});

test("a name that nobody told is not made up", () => {
  assert.match(ask("What is my name?", ["Hello"]).content, /not told me.*3 messages/);
});

test("a name is greeted", () => {
  assert.match(ask("Hi! My name is Zoë-Marie.").content, /Zoë-Marie/);
});

test("what was asked first, before and so far comes from the messages", () => {
  const earlier = ["Show me a table", "Who are you?"];

  assert.match(ask("What did I ask first?", earlier).content, /“Show me a table”/);
  assert.match(ask("What was my last question?", earlier).content, /“Who are you\?”/);
  assert.match(
    ask("What did we talk about?", earlier).content,
    /- “Show me a table”\n- “Who are you\?”/,
  );
  assert.match(
    ask("How many messages have I sent?", earlier).content,
    /5 messages, 3 of yours and 2 of mine/,
  );
});

test("with nothing before, it says so", () => {
  assert.match(ask("What did I ask before?").content, /your first question here.*1 message\./);
});

test("what was left out of the messages is not remembered", () => {
  const sent = dialogue(["My name is Ada", "Hello", "What is my name?"]).slice(2);
  assert.match(answerTo(sent).content, /not told me/);
});

test("the same messages give the same answer", () => {
  assert.deepEqual(ask("Who are you?"), ask("Who are you?"));
});

test("asked again, it uses other words", () => {
  for (const question of ["Hi", "Show me a table", "What is the capital of France?"]) {
    assert.notEqual(ask(question, [], 1).content, ask(question, [], 0).content, question);
  }
});

test("it thinks for about two seconds", () => {
  for (const [question] of CASES) {
    for (const asked of [0, 1, 2]) {
      const count = tokensOf(ask(question, [], asked).reasoning).length;
      assert.ok(count >= 90 && count <= 160, `${count} tokens for "${question}"`);
    }
  }
});

test("an answer that was cut anywhere is gone on with to its end", () => {
  for (const question of ["Show me a table", "Show me code", "What is love?", "a long answer"]) {
    for (const asked of [0, 1, 5]) {
      const { content } = ask(question, [], asked);
      const cut = Math.floor(content.length / 3);
      const begun: Message = { role: "assistant", content: content.slice(0, cut) };
      assert.equal(goingOn([{ role: "user", content: question }, begun]), content.slice(cut));
    }
  }
});

test("a text of somebody else's is gone on with once, honestly", () => {
  const begun = "Roses are red,";
  const question: Message = { role: "user", content: "A poem" };
  const rest = goingOn([question, { role: "assistant", content: begun }]);

  assert.match(rest, /knows its own texts by heart/);
  assert.equal(goingOn([question, { role: "assistant", content: begun + rest }]), "");
  assert.equal(
    goingOn([question, { role: "assistant", content: begun + rest.slice(0, 20) }]),
    rest.slice(20),
  );
});

test("what was asked is quoted without taking effect", () => {
  const { content } = ask("**Boo** <b>bold</b> [x](http://x.y) `z` | q #1");
  const html = renderMarkdown(content.slice(0, content.indexOf("For a real model")));

  assert.ok(!/<(strong|b|code|h\d)\b/.test(html), html);
  assert.match(html, /\*\*Boo\*\*/);
});

test("a word in the middle of a long text is not what was asked for", () => {
  const pasted = `Please judge this.\n${"lorem ipsum ".repeat(80)} a table ${"lorem ipsum ".repeat(80)}\nThat is it.`;
  assert.doesNotMatch(ask(pasted).content, /Mercury/);
});

test("no question takes long, however it was made", () => {
  const started = performance.now();
  for (const text of ["what did i ", "my name is A ", "a", " ", "how answer ", "summary ", "*"]) {
    ask(text.repeat(Math.ceil(32_000 / text.length)));
  }
  const tookMs = performance.now() - started;
  assert.ok(tookMs < 1500, `${Math.round(tookMs)} ms`);
});

function ask(question: string, earlier: string[] = [], asked = 0) {
  return answerTo(dialogue([...earlier, question]), asked);
}

function dialogue(questions: string[]): Message[] {
  return questions
    .flatMap((content): Message[] => [
      { role: "user", content },
      { role: "assistant", content: "An answer." },
    ])
    .slice(0, -1);
}

for (const [question, title] of [
  ["Show me some Python code.", "Python code"],
  ["What is AIFacade, and how do I connect a real model?", "AIFacade"],
  ["Can you please explain the rules of chess to me?", "Rules of chess to me"],
  ["Hi", "Hi"],
  ["Wie ist das Wetter in Berlin heute?", "Wie ist das Wetter in Berlin"],
  ["", "A conversation"],
] as const) {
  test(`a conversation that begins with "${question}" is called "${title}"`, () => {
    const content = titleRequest({ question, answer: "Something." })[0]?.content ?? "";
    assert.equal(answerTo([{ role: "user", content }]).content, title);
  });
}
