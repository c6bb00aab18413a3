import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { answerOn, answersTo } from "../../support/answers.js";
import { PASSWORD, startApp } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { closed } from "../../support/fake-deepseek.js";
import { type Held, held, NOTHING } from "../../support/growing.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const { asking, row, stop } = answersTo(ada, app);

const SAMPLE = [
  "# A *title*\n\nSome **bold** words, a [link](https://example.com/), `code` & <b>no markup</b>.\n\n",
  "1. one\n2. two\n   - nested 🦊\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n",
  "```js\nconst answer = 6 * 7; // it is\n```\n\nA [reference] at last.\n\n[reference]: /later 'title'\n",
].join("");

function idOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}

test("the page of a growing answer has what there is, where the rest comes from, and a way to stop it", async () => {
  const held = scenario.hold(["The first words.\n\n", "And "], ["more."]);
  const { path, id, src } = await asking(held);
  await ada.events(src, ({ data }) => /first words/.test(JSON.stringify(data)));
  const page = await ada.get(path);

  assert.equal(page.$(`#message-${id}`).attr("aria-busy"), "true");
  assert.equal(page.$("message-stream").attr("src"), src);
  assert.match(page.words("[data-part=answer]"), /^The first words\. ?And/);
  assert.equal(page.$(`form#stop[action="${src}"] [name=_method]`).attr("value"), "DELETE");
  assert.match(
    page.html,
    new RegExp(`<noscript><meta http-equiv="refresh" content="0;url=${path}/live">`),
  );
  held.release();
  await ada.settled(path);
});

test("the events of an answer, applied one by one, give the blocks of the final page", async () => {
  const reasoning = "First I **think**.\n\nThen I think again.";
  const { path, src } = await asking(scenario.answer({ content: SAMPLE, reasoning, tokenMs: 12 }));
  const events = await ada.events(src);
  const last = held(events);
  const page = await ada.get(path);

  assert.deepEqual(
    new Set(events.map(({ event }) => event)),
    new Set(["snapshot", "patch", "progress", "done"]),
  );
  assert.ok(events.filter(({ event }) => event === "patch").length > 5);
  assert.ok(page.html.includes(`dir="auto">${last.answer.join("")}</div>`));
  assert.ok(page.html.includes(`dir="auto">${last.reasoning.join("")}</div>`));
  assert.equal(events.at(-1)?.data.held, true);
  assert.match(
    events.at(-1)?.data.html,
    /reasoning__body[^>]*> <\/div>[\s\S]*message__body[^>]*><\/div>/,
  );
  assert.match(page.words(".reasoning summary"), /^Thought for /);
  assert.equal(page.all(".reasoning p").length, 2);
  assert.equal(events.at(-1)?.data.title, "Well?");
});

test("what is told while waiting is told again in words: asked, in the queue, thinking", async () => {
  const { page, src } = await asking(
    scenario.queued(5, { everyMs: 60, next: scenario.answer({ tokenMs: 30 }) }),
  );
  const told = (await ada.events(src)).flatMap(({ event, data }) =>
    event === "progress" ? [data.html] : event === "snapshot" ? [data.progress] : [],
  );

  assert.match(
    page.words("[data-part=progress]"),
    /^(Asking|Waiting for) (deepseek-flash|DeepSeek Flash)/,
  );
  assert.match(told.join(), /in its queue.*Thinking/);
  assert.equal(told.at(-1), "");
});

test("an upstream that fails is asked again, and the page says so meanwhile", async () => {
  app.fake.next(scenario.status(503));
  const { path, src } = await asking(scenario.answer());
  const told = (await ada.events(src)).map(({ data }) => JSON.stringify(data)).join();

  assert.match(told, /out of resources at this moment\. Trying again \(attempt 2\)/);
  assert.equal((await ada.get(path)).$(".outcome").length, 0);
});

for (const every of [1, 2, 3, 5]) {
  test(`a connection that breaks after every ${every}. event loses nothing and doubles nothing`, async () => {
    const content = Array.from({ length: 60 }, (_, index) => `word${index} `).join("");
    const { path, src } = await asking(scenario.answer({ content, tokenMs: 25 }));
    const { last, breaks } = await readWithBreaks(src, every, (now) => {
      assert.ok(content.startsWith(textOf(now)), `${textOf(now)} is no beginning of the answer`);
    });

    assert.ok(breaks >= 3, `${breaks} breaks`);
    assert.equal(textOf(last), content.trim());
    assert.ok((await ada.get(path)).html.includes(last.answer.join("")));
  });
}

function textOf({ answer }: Held): string {
  return answer
    .join("")
    .replace(/<[^>]*>/g, "")
    .trim();
}

async function readWithBreaks(src: string, every: number, check: (now: Held) => void) {
  let last = NOTHING;
  let lastId: string | undefined;

  for (let breaks = 0; ; breaks += 1) {
    const headers: Record<string, string> = lastId ? { "Last-Event-ID": lastId } : {};
    let seen = 0;
    const events = await ada.events(src, () => ++seen >= every, headers);
    last = held(events, last);
    check(last);
    lastId = events.findLast(({ id }) => id !== undefined)?.id ?? lastId;
    if (events.at(-1)?.event === "done") return { last, breaks };
  }
}

test("who is up to date gets no snapshot again, and who has another run's id does", async () => {
  const held = scenario.hold(["Some words. "], ["Done."]);
  const { path, src } = await asking(held);
  await ada.events(src, ({ data }) => /Some words/.test(JSON.stringify(data)));
  const [snapshot] = await ada.events(src, () => true);
  const current = ada.events(src, undefined, { "Last-Event-ID": String(snapshot?.id) });
  const foreign = ada.events(src, undefined, { "Last-Event-ID": "another-7" });
  await pause(150);
  held.release();

  assert.notEqual((await current)[0]?.event, "snapshot");
  assert.equal((await foreign)[0]?.event, "snapshot");
  await ada.settled(path);
});

test("a second tab, and the same person in another browser, see the same answer grow", async () => {
  const content = SAMPLE.repeat(2);
  const { path, src } = await asking(scenario.answer({ content, tokenMs: 6 }));
  const elsewhere = app.visitor();
  elsewhere.userAgent = "Mozilla/5.0 Chrome/150.0 Safari/537.36";
  await elsewhere.logIn("ada", PASSWORD);
  const readers = await Promise.all([ada.events(src), ada.events(src), elsewhere.events(src)]);
  const [first, ...others] = readers.map((events) => held(events).answer);

  assert.match((await elsewhere.get("/")).words(".sidebar"), /Well\?/);
  assert.ok((await ada.get(path)).html.includes(String(first?.join(""))));
  for (const other of others) assert.deepEqual(other, first);
});

test("an answer that has ended is sent whole at once", async () => {
  const { path, src } = await asking(scenario.answer());
  await ada.settled(path);
  const events = await ada.events(src);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["done"],
  );
  assert.equal(events[0]?.data.held, false);
  assert.match(events[0]?.data.html, /message__body[^>]*><p>/);
});

test("a reader who never reads harms nobody, and comes up to date when it does", async () => {
  const { content, finish, DONE } = scenario.wire;
  const much = Array<object>(300).fill(content(`${"many words ".repeat(500)}\n\n`));
  const { path, src } = await asking(
    scenario.stream([...much, finish("stop"), DONE], { tokenMs: 2 }),
  );
  const slow = connect(Number(new URL(app.url).port), "127.0.0.1")
    .setEncoding("utf8")
    .pause();
  const cookie = [...ada.cookies].map((pair) => pair.join("=")).join("; ");
  slow.write(
    `GET ${src} HTTP/1.1\r\nHost: test\r\nUser-Agent: ${ada.userAgent}\r\nCookie: ${cookie}\r\n\r\n`,
  );
  const events = await ada.events(src);

  assert.equal(events.at(-1)?.event, "done");
  assert.match((await ada.talk("Are you there?")).words(".message--answer"), /Are you there/);
  let text = "";
  for await (const chunk of slow) {
    text += chunk;
    if (text.includes("event:done")) break;
  }
  assert.match(text, /event:snapshot/);
  await ada.settled(path);
});

for (const [what, given] of [
  ["before the upstream says anything", scenario.stall(0)],
  ["while it waits in the queue", scenario.stall(0, { commentsMs: 20 })],
  [
    "while it thinks",
    scenario.stream([scenario.wire.reasoning("Hm. ".repeat(9))], { tokenMs: 60_000 }),
  ],
  ["in the middle of its text", scenario.stall(3)],
] as const) {
  test(`an answer is stopped ${what}, and does not grow back`, async () => {
    const { path, page, id } = await asking(given);
    await pause(150);
    const before = performance.now();
    const stopped = await ada.submit(String(page.$("#stop").attr("action")), { _method: "DELETE" });

    assert.ok((await closed(app.fake.requests.at(-1), 1000)) - before < 1000);
    assert.equal(row(id).state, "stopped");
    assert.match(stopped.words(".outcome p"), /^You stopped this answer\.$/);
    assert.equal(stopped.words(".outcome button"), row(id).body === "" ? "Try again" : "Continue");
    await pause(200);
    assert.equal(
      (await ada.get(path)).words(".message--answer"),
      stopped.words(".message--answer"),
    );
  });
}

test("stopping twice, from another browser too, is the same as stopping once", async () => {
  const { path, id } = await asking(scenario.stall(3));
  const elsewhere = app.visitor();
  await elsewhere.logIn("ada", PASSWORD);
  const pages = await Promise.all([stop(ada, id), stop(elsewhere, id), stop(ada, id)]);
  await stop(ada, id);

  assert.ok(pages.every((page) => page.words(".outcome p") === "You stopped this answer."));
  assert.equal(row(id).state, "stopped");
  assert.equal((await ada.get(path)).all(".message--answer").length, 1);
});

test("a stopped answer is told to those who read it", async () => {
  const { id, src } = await asking(scenario.stall(3));
  const reading = ada.events(src);
  await pause(100);
  await stop(ada, id);
  const last = (await reading).at(-1);

  assert.equal(last?.event, "done");
  assert.match(last?.data.html, /You stopped this answer\./);
});

test("regenerating gives another version beside the first, and links walk between them", async () => {
  const path = await ada.ask("Say something.");
  let page = await ada.settled(path);
  for (const content of ["The second version.", "The third version."]) {
    app.fake.next(scenario.answer({ content }));
    page = await ada.settled(
      String((await ada.post(`/messages/${answerOn(page)}/generations`)).location),
    );
  }
  assert.equal(page.words(".siblings__position"), "Version 3/3");

  const back = async () => {
    page = await ada.get(String(page.$("[aria-label='Previous version']").attr("href")));
    return [
      page.words(".siblings__position"),
      page.words(".message--answer .message__body"),
    ] as const;
  };
  assert.deepEqual(await back(), ["Version 2/3", "The second version."]);
  assert.match((await back()).join(), /^Version 1\/3,You asked/);
  assert.equal(page.$(".siblings a[aria-label='Previous version']").length, 0);
  assert.deepEqual(app.fake.requests.at(-1)?.body.messages, [
    { role: "user", content: "Say something." },
  ]);
});

test("what is asked while reading an older version hangs below that version", async () => {
  const path = await ada.ask("Which?");
  const first = answerOn(await ada.settled(path));
  app.fake.next(scenario.answer({ content: "The newer one." }));
  const newer = answerOn(
    await ada.settled(String((await ada.post(`/messages/${first}/generations`)).location)),
  );
  const older = await ada.get(`${path}?message=${first}`);
  const parent = String(older.field("parent"));
  const page = await ada.talk("And below the older?", { conversation: idOf(path), parent });

  assert.equal(parent, first);
  assert.equal(page.words(".siblings__position"), "Version 1/2");
  assert.equal(page.all(".message--question").length, 2);
  assert.doesNotMatch(page.words("main"), /The newer one/);
  assert.doesNotMatch(
    (await ada.get(`${path}?message=${newer}`)).words("main"),
    /And below the older/,
  );
  assert.doesNotMatch(JSON.stringify(app.fake.requests.at(-1)?.body), /The newer one/);
});

test("pressing regenerate twice leads to the one answer that is being written", async () => {
  const { id } = await asking(scenario.stall(3));
  await pause(120);
  await stop(ada, id);
  app.fake.next(scenario.stall(2));
  const again = await Promise.all([1, 2, 3].map(() => ada.post(`/messages/${id}/generations`)));

  assert.equal(new Set(again.map((page) => page.location)).size, 1);
  assert.equal(again[0]?.status, 303);
  await ada.post("/clear");
});

test("while one version is being written no other is begun elsewhere in the conversation", async () => {
  const path = await ada.ask("One?");
  const first = answerOn(await ada.settled(path));
  app.fake.next(scenario.stall(1));
  await ada.ask("Two?", { conversation: idOf(path) });
  const page = await ada.post(`/messages/${first}/generations`);

  assert.equal(page.status, 409);
  assert.match(page.words(".failure__message"), /being written in this conversation/);
  assert.equal((await ada.get(`${path}?message=${first}`)).$("#stop").length, 1);
  await ada.post("/clear");
});

test("a stop that cannot be stored is not told as done, and is stored once it can be", async () => {
  const { id, src } = await asking(scenario.stall(3));
  app.database.exec("BEGIN IMMEDIATE");
  const refused = await ada
    .post(src, { _method: "DELETE" })
    .finally(() => app.database.exec("ROLLBACK"));

  assert.equal(refused.status, 503);
  assert.match(refused.words("main"), /has ended, but that could not be saved yet/);
  while (row(id)?.state === "running") await pause(50);
  assert.equal(row(id)?.state, "stopped");
});
