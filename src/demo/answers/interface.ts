import { type Asked, lines, paragraphs, pick, type Topic, words } from "./topic.js";

const stopping: Topic = {
  name: "stopping an answer",
  finds: words(
    /\b(stop|cancel|abort|interrupt)\w*\b.{0,40}\b(answer|answering|generat\w+|writing|you|it|stream|response)\b|^\W*(please )?stop( it)?\W*$|\bstop button\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "While an answer is being written, there is a **Stop** button beside the field for your message. The `Esc` key does the same.",
        "Press `Esc`, or the **Stop** button beside the field for your message.",
      ]),
      "What has been written is kept, and the connection to the model is closed at once. Afterwards there is a **Continue** button below the answer.",
      "A long answer is good for trying it out: ask me for one, and stop me in the middle.",
    ),
};

const regenerating: Topic = {
  name: "asking for another version",
  finds: words(
    /\bregenerat\w*|\b(another|different|new|other) versions?\b|\banother answer\b|\btry again\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Below each answer is a **Regenerate** button with two arrows in a circle. It asks the same question again.",
        "The button with the two arrows below an answer asks for it once more.",
      ]),
      "The earlier version is not lost: with `‹ 2/3 ›` you go back and forth between the versions, and the conversation goes on from the one that you are looking at.",
      "Try it with this answer. I will use other words.",
    ),
};

const continuing: Topic = {
  name: "going on with an answer",
  finds: words(
    /\bcontinu(e|ing)\b.{0,30}\b(an?|the|this|that|answer|button|cut|stopp\w+|where)\b|\bhow\b.{0,30}\bcontinue\b|^\W*(please )?(continue|go on|keep going)\W*$/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "When an answer was stopped, interrupted, or grew too long, there is a **Continue** button below it.",
        "Look for the **Continue** button: it is below every answer that was cut short.",
      ]),
      "It goes on in the same place, with the very next character, instead of beginning a new message. An answer that came to its own end, as this one will, has no such button.",
    ),
};

const clearing: Topic = {
  name: "deleting conversations",
  finds: words(
    /\b(clear|delete|erase|remove|wipe)\b (out )?((all|my|the|this|a|an|one|of|entire|whole|old|chat) ){0,4}(history|conversations?|chats?|messages?|everything)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "One conversation: **Delete**, behind the three dots at its top. All of them: **Account**, then **Clear chat history**.",
        "There are two ways. **Delete**, behind the three dots at the top of a conversation, is for that one; **Clear chat history**, under **Account**, is for all of them.",
      ]),
      "Either way they go to the **trash**, which gives everything back for 30 days; there they can be deleted for good. Your account stays.",
    ),
};

const shortcuts: Topic = {
  name: "the keyboard",
  finds: words(
    /\bshortcuts?\b|\bkeyboard\b|\bhot ?keys?\b|\benter key\b|\b(new line|line break)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, ["There are four keys worth knowing:", "Four keys are all there is to learn:"]),
      lines(
        "| Key | What it does |",
        "| --- | --- |",
        "| `Enter` | sends your message |",
        "| `Shift` + `Enter` | begins a new line |",
        "| `Esc` | stops the answer that is being written |",
        "| `/` | goes to the field for your message |",
      ),
      "On a phone `Enter` begins a new line, as it does everywhere else there, and the button sends.",
    ),
};

const settings: Topic = {
  name: "the settings",
  finds: words(
    /\b(dark|light) (mode|theme)\b|\btheme\b|\b(change|reset|forgot\w*)\b.{0,15}\bpassword\b|\blog ?out\b|\b(the|my) (settings|account)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Your name, at the bottom of the list of conversations, leads to **Account**. There you can:",
        "All of that is under **Account**, which is behind your name at the bottom of the list of conversations:",
      ]),
      lines(
        "- choose a theme: the system's, light, or dark",
        "- change your password, which logs out your other devices",
        "- clear your chat history",
        "- log out",
      ),
    ),
};

const withoutScripts: Topic = {
  name: "using AIFacade without JavaScript",
  finds: words(
    /\b(without|no|disabled?|disabling|turn(ed)? off)\b.{0,12}\bjava ?script\b|\bjava ?script\b.{0,20}\b(off|disabled|needed|required|necessary)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "AIFacade works without JavaScript.",
        "You can turn JavaScript off, and still do everything here.",
      ]),
      "Sending, stopping, regenerating and continuing are plain forms, and the page is whole when it arrives. While an answer is being written, a link below it leads to a page on which you can watch it arrive; a reload does as well.",
      "With JavaScript the answer grows in its place, drafts are kept, and there are buttons to copy.",
    ),
};

const overview: Topic = {
  name: "how to use AIFacade",
  finds: words(
    /\bhow (do|can|should) (i|we|you) use (this|it|aifacade|the)\b|\bhow does (this|it|aifacade) work\b|\b(user|the) interface\b|\bgetting started\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Write below, press `Enter`, and the answer appears above, word by word. That is most of it. The rest:",
        "Most of it is writing and pressing `Enter`. Beyond that:",
      ]),
      lines(
        "- **Stop** (`Esc`) ends an answer and keeps what is there.",
        "- **Continue** goes on with an answer that was cut.",
        "- **Regenerate** asks again, and keeps the earlier version.",
        "- **Copy** takes an answer along as Markdown, or one block of code.",
        "- The **list of conversations** has all that you asked before; the three dots at the top of one rename, pin, archive and delete it.",
        "- **Account** has the theme, your password, and **Clear chat history**.",
      ),
      "You may close the page while an answer is being written. It will be there when you come back.",
    ),
};

/** How things are done on the page. */
export const interfaceTopics: readonly Topic[] = [
  continuing,
  stopping,
  regenerating,
  clearing,
  shortcuts,
  settings,
  withoutScripts,
  overview,
];
