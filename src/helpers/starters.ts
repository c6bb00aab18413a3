import { t } from "../lib/texts.js";

/** A question to begin with, offered where there is no conversation yet; its prompt is sent as it stands. */
interface Starter {
  icon: string;
  title: string;
  prompt: string;
}

export const starters: Starter[] = [
  {
    icon: "table",
    title: t("Compare in a table"),
    prompt: t(
      "Compare SQLite, PostgreSQL and MySQL for a small web application on one server. Make a table " +
        "(setup, backups, many writers at once, limits), then say in two sentences which you would take and why.",
    ),
  },
  {
    icon: "code-xml",
    title: t("Write a small program"),
    prompt: t(
      "Write a short Python script that finds duplicate files in a folder by their content. Comment the " +
        "parts that are easy to get wrong, and show how to run it.",
    ),
  },
  {
    icon: "lightbulb",
    title: t("Explain it twice"),
    prompt: t(
      "Why is the sky blue, and why are sunsets red? Explain it first in two sentences for a child, then " +
        "in two paragraphs for a curious adult.",
    ),
  },
];
