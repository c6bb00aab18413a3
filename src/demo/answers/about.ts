import { type Asked, fence, lines, paragraphs, pick, type Topic, words } from "./topic.js";

/** What the demo can do, as an invitation. */
export const SHOWING = lines(
  "Try one of these:",
  "",
  "- **Show me some code**, in TypeScript, JavaScript, Python, SQL or shell",
  "- **Show me a table**, or **a list**",
  "- **Give me a long answer**: the story of how an answer travels through AIFacade",
  "- **My name is Ada**, and a little later **What is my name?**",
  "- **How do I connect a real model?**",
);

const KEY = fence("sh", "DEEPSEEK_API_KEY=sk-your-key");

const OWN_SERVER = fence(
  "sh",
  `
DEEPSEEK_BASE_URL=http://localhost:11434/v1
DEEPSEEK_MODEL=the-name-of-your-model
`,
);

export const connecting: Topic = {
  name: "connecting a real model",
  finds: words(
    /\bapi[ -]?keys?\b|\b(real|better|proper|own|local|another) (ai|model|llm)\b|\bconnect\w*\b.{0,40}\b(model|deepseek|server|api)\b|\bDEEPSEEK_\w+|\.env\b|\bbase[ _]url\b|\b(ollama|llama\.cpp|vllm|lm studio|openrouter)\b|\b(use|set up|configure|switch to)\b.{0,20}\b(deepseek|model)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Whoever runs this server can connect a real model in a minute. The settings belong in the file `.env`, in the folder of AIFacade.",
        "A real model needs one or two lines in the file `.env`, in the folder of AIFacade on the server.",
      ]),
      "**DeepSeek**: put in a key from your account there.",
      KEY,
      "**A server of your own**, or another one that speaks the same format (Ollama, llama.cpp, vLLM and many more): give its address. A local server usually needs no key.",
      OWN_SERVER,
      "`DEEPSEEK_MODEL` chooses the model. Without it AIFacade takes `deepseek-flash` at DeepSeek, and elsewhere the first model that the server lists.",
      "Then restart AIFacade. As soon as a key or an address is set, the demo is gone; your conversations stay.",
    ),
};

export const privacy: Topic = {
  name: "privacy, and where everything is kept",
  finds: words(
    /\bprivacy\b|\bprivate\b|\bgdpr\b|\b(my|our|the) (data|conversations?|messages|chats?)\b.{0,30}\b(stored|kept|saved|safe|go|live|read|sent)\b|\bwhere\b.{0,30}\b(data|stored|kept|saved|conversations)\b|\bwho (can|could|is able to) (see|read)\b|\b(back ?up|database)\b.{0,30}\b(aifacade|here|conversations|my)\b|\bdo you (store|keep|track|log)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Everything stays on the server that AIFacade runs on.",
        "In short: what you write is kept in one file, on the server that AIFacade runs on.",
      ]),
      lines(
        "- **Conversations and accounts** are in one SQLite file, `data/aifacade.db`, unless `DATABASE_URL` says otherwise. Beside it, in `data/secrets.env`, are the secrets of this installation. Both belong in its backup.",
        "- **Passwords** are kept only as bcrypt digests, from which they cannot be read.",
        "- **Logs** hold neither questions nor answers.",
        "- **With the demo model** nothing leaves the server: I am a part of AIFacade, and listen on `127.0.0.1` only.",
        "- **With a real model** each question goes to its server, together with the conversation so far. What happens to it there is for its operator to say.",
        "- **Other people** with an account here cannot open your conversations. Whoever runs the server can read the file, as with everything that is self-hosted.",
      ),
      "You can delete one conversation at its top, or all of them under **Account**. Their rows are then gone from the database; backups that were made before still have them.",
    ),
};

export const identity: Topic = {
  name: "who is answering",
  finds: words(
    /\b(who|what) are you\b|\bare you (a|an|the|really|real|intelligent|human|alive|ai|chatgpt|gpt|claude|deepseek|sentient|conscious)\b|\b(which|what) (ai |language )?model\b|\byour name\b|\bwho (made|built|wrote) you\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "I am `demo`, a small program inside AIFacade. I am not a language model, and I understand nothing of what you write.",
        "My name is `demo`. I am a few pages of prepared text, and a small server that recites them.",
      ]),
      "I am here so that everything else can be tried: how answers arrive, how they are stopped and gone on with, what is kept. What I send takes the very same way as the words of a real model, in the same format.",
      SHOWING,
    ),
};

export const abilities: Topic = {
  name: "what there is to try",
  finds: words(
    /\bwhat (can|could|do) you (do|show|say|know|offer|answer)\b|\bwhat (can|could|should) i (ask|try|do here)\b|^\W*help( me)?\W*$|^\W*what else\b.{0,20}$|\byour (capabilities|abilities|skills)\b/i,
  ),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "Not much, but enough to see how everything works here.",
        "I know a few things by heart.",
      ]),
      SHOWING,
      "You can also ask about AIFacade itself: how to stop an answer, regenerate it, go on with it, which keys there are, where your conversations are kept.",
    ),
};

export const about: Topic = {
  name: "AIFacade itself",
  finds: words(/\bai ?fa[cç]ade\b|\bwhat is this( (site|page|app|place|thing|all))?\W*$/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      pick(variant, [
        "AIFacade is an AI chat that you run on your own server. It sits between people and a language model, and takes care of everything that the model does not.",
        "AIFacade is a self-hosted AI chat: the part of a good chat that is not the model.",
      ]),
      lines(
        "- **Answers arrive as they are written**, and belong to the server: close the page, come back, and nothing is missing.",
        "- **Everything is kept** in one SQLite file on your own disk.",
        "- **It works without JavaScript**, too; with it, it is more comfortable.",
        "- **It speaks DeepSeek's format**, so DeepSeek fits as well as a model on your own machine.",
        "- **It tells the truth**: how long it has been waiting, what an answer cost, and why one was cut off.",
      ),
      "What it lacks at this moment is a real model. Ask me how to connect one.",
    ),
};
