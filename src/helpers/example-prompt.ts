/** What a library that is empty offers to begin with. */
export const examplePrompt = {
  name: "translate",
  title: "Translate a text",
  body:
    "Translate the text below into {{language}}. Keep its tone and its layout, and answer with the " +
    "translation alone.\n\n{{text:long}}",
};
