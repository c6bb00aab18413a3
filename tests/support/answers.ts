import type { TestApp } from "./app.js";
import type { Scenario } from "./fake-deepseek.js";
import type { Page, Visitor } from "./visitor.js";

/** The id of the last answer on a page. */
export function answerOn(page: Page): string {
  return String(page.$(".message--answer").last().attr("id")).replace("message-", "");
}

/** What the suites of answers do: ask for one that is written as told, stop it, look at its row. */
export function answersTo(reader: Visitor, { fake, database }: TestApp) {
  /** The page, and the answer's id, while it is being written. */
  async function asking(given: Scenario, visitor = reader, prompt = "Well?") {
    fake.next(given);
    const path = await visitor.ask(prompt);
    const page = await visitor.get(path);
    const id = answerOn(page);
    return { path, page, id, src: `/generations/${id}` };
  }

  function stop(visitor: Visitor, id: string): Promise<Page> {
    return visitor.submit(`/generations/${id}`, { _method: "DELETE" });
  }

  function row(id: string): Record<string, unknown> {
    const found = database.prepare("SELECT * FROM Message WHERE id = ?").get(id);
    return found as Record<string, unknown>;
  }

  return { asking, stop, row };
}
