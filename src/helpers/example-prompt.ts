import { t } from "../lib/texts.js";

/** What a library that is empty offers to begin with. */
export const examplePrompt = {
  name: t("translate"),
  title: t("Translate a text"),
  body: t(
    "Translate the text below into {{language}}. Keep its tone and its layout, and answer with the " +
      "translation alone.\n\n{{text:long}}",
  ),
};
