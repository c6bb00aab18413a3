import { type Asked, fence, lines, paragraphs, pick, type Topic, words } from "./topic.js";

/** Said before everything prepared, for those who asked for one of their own. */
const PREPARED =
  "It is a prepared one, whatever you asked for: I can show how it looks, but not make one of your own.";

export const table: Topic = {
  name: "showing a table",
  finds: words(/\btables?\b|\bcompar(e|ison)\b|\bspreadsheet\b/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      `${pick(variant, ["Here is a table.", "A table, as it looks here."])} ${PREPARED}`,
      lines(
        "| Planet | Day | Year | Moons | Known for |",
        "| --- | ---: | ---: | ---: | --- |",
        "| Mercury | 176 days | 88 days | 0 | A day that is longer than its year |",
        "| Venus | 117 days | 225 days | 0 | Turning the other way round |",
        "| Earth | 24 hours | 365 days | 1 | You are here |",
        "| Mars | 24.7 hours | 687 days | 2 | The highest volcano that we know of |",
        "| Jupiter | 9.9 hours | 11.9 years | many | A storm that is wider than the Earth |",
        "| Saturn | 10.7 hours | 29.4 years | many | Rings of ice, mostly thinner than a tree is high |",
      ),
      "Days are counted from noon to noon. When a table is wider than the page, it scrolls by itself, and the page stays where it is.",
    ),
};

export const list: Topic = {
  name: "showing a list",
  finds: words(/\b(lists?|bullet ?points?|enumerat\w+|steps|check ?lists?)\b/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      `${pick(variant, ["Here is a list.", "A list, then."])} ${PREPARED}`,
      "**A pot of tea, from the beginning**",
      lines(
        "1. Warm the pot with a little hot water, and pour that away.",
        "2. Take one spoon of leaves for each cup.",
        "   - Black tea: water that boils, four minutes",
        "   - Green tea: water of about 75 °C, two minutes",
        "   - Herbs: water that boils, eight minutes or more",
        "3. Pour on the water, and **leave it alone**.",
        "4. Take the leaves out in time. This is the step that everyone forgets.",
        "5. Share it.",
      ),
      "Lists may stand inside one another, as in the second step, and may have numbers or dots.",
    ),
};

export const markdown: Topic = {
  name: "everything that Markdown can do",
  finds: words(/\bmarkdown\b|\bformatting\b|\bshow me everything\b/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      `${pick(variant, ["Here is a little of everything.", "This is what an answer can be made of."])} ${PREPARED}`,
      "## A heading",
      "Text can be **strong**, *stressed*, ~~crossed out~~ or `code`, and it may hold [a link](https://commonmark.org).",
      "> A quotation stands a little to the side,\n> and may go on for several lines.",
      "### A smaller heading",
      "- A list\n- with an item\n  - and one inside it",
      "| Left | Right |\n| --- | ---: |\n| apples | 12 |\n| pears | 7 |",
      fence("js", 'const greeting = "Hello";'),
      "---",
      "And that was a line. HTML, such as <b>this</b>, is shown as it was written, so that no answer can change the page.",
    ),
};
