import { type Asked, fence, lines, paragraphs, pick, type Topic, words } from "./topic.js";

/** About 1,500 words: to be watched, stopped, gone on with and scrolled. */
export const long: Topic = {
  name: "showing a long answer",
  finds: words(
    /\b(long|longer|longest|detailed) (answer|text|reply|response|story|read|one|message|essay)\b|\b(essay|story)\b|\bat length\b|\b1[,.]?500 words\b|\bhow\b.{0,30}\banswers?\b.{0,30}\b(travels?|made|reach(es)?|arrives?|works?|gets?)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Whatever you asked for, this is the longest text that I know. It tells how an answer travels through AIFacade; this one travels the same way while you read it.",
        "Here is my long one, and my only one: the journey of an answer through AIFacade, from your question to the page, told by one that is under way.",
        "A long answer, then. It is about itself: how it came from your question to your eyes. Scroll up, stop it, go on with it, close the page and come back; it will bear all of that.",
      ]),
      ...STORY,
    ),
};

const STORY = [
  "## 1. A question is sent",
  "You write, and press `Enter`. What leaves your browser is a plain form, of the kind that has been on the web for thirty years. It holds your text, the conversation that it belongs to, and a **key**: a random value that the server put into the page when it made it.",
  "The key is there because of impatience. Somebody presses the button twice; a phone loses its connection and the browser sends the form again; the Back button brings up an old page. Each time the same key arrives with the same text, and the server recognises it:",
  "> One form that is sent twice is one question.",
  "No window pops up and no work is done twice. You are simply led to the answer that is already on its way. If the text has changed, it is a new question, because then you meant it to be one.",
  "Before anything is stored, three more things are looked at. Does the form come from a page of ours, or was it another site that had your browser send it? Are you still logged in? If not, the login page carries your text along, and you find it in its place afterwards. And is there an answer still being written in this conversation? Then your question is refused kindly, and its text kept, because a conversation in which two answers talk at once is no use to anybody.",
  "## 2. Ink before voice",
  "Now comes the most important rule of the whole house: **the question is on disk before the model hears of it.**",
  "Two rows are written, in one transaction: your question, and an empty answer whose state is `running`. Either both are there or neither is. In the database a conversation is not a list but a tree, in which each message knows the one before it. That is why an answer can be regenerated without losing the old one: both hang from the same question, and `‹ 2/3 ›` lets you walk between the branches.",
  fence(
    "text",
    `
How do I bake bread?
├── answer, first version
│   └── And without yeast?
│       └── answer
└── answer, second version      ← regenerated`,
  ),
  "Only when SQLite has said that the rows will survive a power cut does the server tell your browser where to go: to the page of the conversation. That page is complete when it arrives. If JavaScript is turned off, what you see is what is there so far, and a link to a page on which you can watch the rest.",
  "## 3. The answer gets a life of its own",
  "Many chats tie an answer to the request that asked for it. Close the tab, and the answer dies; reload, and you pay for it again. Here the answer belongs to the **server**. A small object, the *run*, is born with the question and lives until the last word is stored, whether ten people are watching or none.",
  "The run first gathers what the model should be told. A language model has no memory. What looks like memory is this: with every question, the whole conversation is sent along, from the beginning. When it has grown too long for the model, the oldest part has to be left out. This is done in large steps rather than a little each time, for a reason that is worth money: servers such as DeepSeek's keep a cache of the *beginnings* that they have read before, and reading from it is far cheaper. A conversation that begins in the same way as last time is found there. One that loses its first sentence at every turn never is.",
  "## 4. Over the wire",
  "Then the request goes out. It is ordinary JSON:",
  fence(
    "json",
    `
{
  "model": "demo",
  "messages": [
    { "role": "user", "content": "Give me a long answer" }
  ],
  "stream": true
}`,
  ),
  "What comes back is a stream of *server-sent events*: lines of text, each with a few letters of the answer in it.",
  fence(
    "text",
    `
data: {"choices":[{"delta":{"reasoning_content":"This is where"}}]}

data: {"choices":[{"delta":{"content":"This is the"}}]}

data: {"choices":[{"delta":{"content":" longest text"}}]}

data: [DONE]`,
  ),
  "It looks simple, and on a good day it is. But networks have bad days, and the code that reads this stream is mostly about those. An event may be cut in two anywhere, even in the middle of an **é** or of an emoji. A busy server may send nothing but `: keep-alive` for minutes. It may refuse, it may stall, it may close the door in the middle of a word. So there is not one time limit but five, each with a question of its own:",
  lines(
    "| Clock | It asks | Usual limit |",
    "| --- | --- | ---: |",
    "| Connecting | Is anybody there? | 10 s |",
    "| Headers | Have they accepted? | 5 min |",
    "| First word | Have they begun? | 5 min |",
    "| Between words | Are they still awake? | 2 min |",
    "| In all | Will this ever end? | 60 min |",
  ),
  "When something fails before the first word, it is tried again, at most twice, with a growing pause. After the first word it is not, because you would see the answer begin anew. What has arrived by then is kept, and the page says in one sentence what happened, with a button to go on.",
  "While you wait, the line above the answer tells you the truth: that the model is being asked, or that you stand in its queue, and for how many seconds. A spinner could turn for ever without anybody behind it. A clock that counts is at least honest.",
  "## 5. Thinking aloud",
  "Many models think before they speak, and send their thoughts first. AIFacade keeps the two apart. The thoughts are in a drawer above the answer, closed when you come back later, with a note of how long they took. You can open it at any time. I have such a drawer, too, although there is not much in it: I do not think, and it says so.",
  "## 6. From text to page",
  "The model writes **Markdown**: stars for stress, pipes for tables, three backticks around code. Your browser wants HTML. Between the two stands the renderer, and its work is harder than it looks, because it has to deal with unfinished text.",
  "Imagine the answer has come as far as `this is **very imp`. Are those two stars a mistake, or the beginning of something strong? A moment later the second pair arrives, and everybody knows. But you are reading *now*, and a page that shows stars first and then swallows them flickers. So the open end is treated with care: what has been begun is closed for the time being, and what cannot be judged yet is held back for a moment.",
  "The renderer is also a border guard. Whatever a model writes, it stays *text*:",
  lines(
    "1. HTML in an answer is not carried out; it is shown as it was written.",
    "2. Links lead only to addresses of kinds that are harmless.",
    "3. No answer can bring a script, a style or a form into the page.",
    "4. And if all of that should ever fail, the browser has orders of its own, in a header called *Content Security Policy*: to run nothing that does not come from this server as a file.",
  ),
  "Twenty times a second, if there is something new, the run compares the rendered blocks with those from before and works out the smallest difference. Usually that is a few letters at the end of the last paragraph. Only those are sent:",
  fence("text", 'event: patch\ndata: {"answer":{"length":42,"splices":[[41,118,4," letters"]]}}'),
  "In words: *there are 42 blocks; in the last one keep the first 118 characters and the final 4, and put this between them.* However long an answer becomes, its next word costs hardly more than its first.",
  "## 7. When the line breaks",
  "You go into a tunnel. Your phone loses the connection, and somewhere an answer goes on being written without you. That is all. The browser knocks again by itself when there is a network, says which event it saw last, and gets what it missed as one whole picture. If the answer is complete by then, it gets the complete one. You cannot tell afterwards that there was a tunnel.",
  "You may also close the page, go home, and open the conversation on another machine. The answer belongs to the server, remember.",
  "And the server itself? Twice a second, the texts of all running answers are written to disk, in one single statement. If somebody pulls the plug, at most half a second of writing is lost. When the server comes up again, it looks for answers that claim to be running, sees that nobody is writing them any more, and marks them as *interrupted*. Their text is there, and a **Continue** button is below it.",
  "## 8. The last word",
  "At the end the model says why it stopped (because it was done, or because it had reached its longest length) and what it has cost: the tokens that it read, how many of them came from the cache, how many it wrote, and how many of those were thoughts. You find all of that on the receipt below the answer. It is one small line until you open it.",
  "Then the answer is stored for good, twice: as the Markdown that the model wrote, and as the HTML that was made of it. The Markdown is the truth. The HTML is a convenience, so that opening an old conversation costs next to nothing; beside it stands the version of the renderer, and when a better renderer comes, old answers are rendered anew the next time that somebody reads them.",
  "The run is done and ceases to be. What remains is two rows in a file on a disk that belongs to you.",
  "## And now",
  "You have read to the end, or scrolled there. Either way, here are some things that are worth a try:",
  lines(
    "- **Regenerate** this answer, and compare the two beginnings with `‹ 1/2 ›`.",
    "- Ask for it again, press **Stop** in the middle, and then **Continue**.",
    "- **Reload** the page while it is being written.",
    "- Open the **receipt**, and look how many tokens came from the cache the second time.",
  ),
  "Thank you for reading. A real model would have had more to say about your question, and less about itself.",
] as const;
