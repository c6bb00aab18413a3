/** A power, how it looks in code, and who alone may use it: files, or folders with a slash at their end. */
export interface Door {
  power: string;
  looksLike: RegExp;
  keepers: readonly string[];
}

/** Doors on the server: src/ and prisma/. */
export const doors: readonly Door[] = [
  {
    power: "reading a variable of the environment",
    looksLike: /process\.env(?:\.\w|\[)/,
    keepers: ["src/config.ts"],
  },
  {
    power: "the environment as a whole, which a child process needs",
    looksLike: /process\.env/,
    keepers: ["src/config.ts", "src/stores/migrations.ts", "src/tasks/dev.ts"],
  },
  {
    power: "opening the database",
    looksLike: /new PrismaClient|"better-sqlite3"|"@prisma\/adapter/,
    keepers: ["src/stores/"],
  },
  {
    power: "querying the database",
    looksLike:
      /import \{[^}]*\bdb\b[^}]*\} from "[^"]*stores\/database\.js"|"[^"]*\/statements\.js"|\$(?:query|execute)Raw/,
    keepers: ["src/models/", "src/stores/"],
  },
  { power: "SQL made of strings", looksLike: /Raw(?:Query)?Unsafe/, keepers: [] },
  {
    power: "asking another server",
    looksLike: /"undici"|\bfetch\(|"node:https"|\b(?:http|https)\.(?:request|get)\(/,
    // The doctor asks our own server whether it is ready.
    keepers: ["src/deepseek/", "src/tasks/doctor.ts"],
  },
  { power: "digesting passwords", looksLike: /"bcrypt"/, keepers: ["src/models/passwords.ts"] },
  {
    power: "rendering a view",
    looksLike: /\b(?:response|res|app)\.render\(|readTemplates\(|"ejs"/,
    keepers: ["src/middleware/pages.ts", "src/lib/templates.ts"],
  },
  {
    power: "a timer that repeats",
    looksLike: /setInterval\(/,
    keepers: ["src/schedule.ts", "src/generator/", "src/lib/event-stream.ts"],
  },
  {
    power: "ending the process, and its signals",
    looksLike: /process\.(?:exit|exitCode|kill|abort)\b|process\.on\(/,
    keepers: ["src/server.ts", "src/tasks/"],
  },
  { power: "keeping metrics", looksLike: /"prom-client"/, keepers: ["src/lib/metrics.ts"] },
  { power: "the console", looksLike: /\bconsole\./, keepers: ["src/tasks/", "prisma/"] },
  { power: "code made of strings", looksLike: /\beval\(|new Function\(/, keepers: [] },
  {
    power: "handing a whole request to a template",
    looksLike: /(?:page|fragment)\([^;]*\.\.\.request\.(?:body|query)/,
    keepers: [],
  },
];

/** Doors in the browser: public/js. */
export const browserDoors: readonly Door[] = [
  {
    power: "turning text into nodes",
    looksLike:
      /innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|document\.write|HTMLUnsafe|createPolicy/,
    keepers: ["public/js/lib/fragments.js"],
  },
  { power: "code made of strings", looksLike: /\beval\(|new Function\(|srcdoc/, keepers: [] },
  {
    power: "talking with other windows",
    looksLike: /postMessage|onmessage|addEventListener\(\s*"message"|MessageChannel/,
    // Through a channel that only the page which it has opened itself holds the other end of.
    keepers: ["public/js/elements/mermaid-diagram.js"],
  },
];

const STRING = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`;
const MARKUP = String.raw`(?:${STRING}|\[${STRING}, ${STRING}\]|(?:timeTag|localTime|icon)\((?:new Date\()?[\w."-]+\)?\))`;
// Its tags are written in the call: values get into them by their names, escaped.
const RICH = new RegExp(
  String.raw`^rich\(\s*${STRING},\s*\{\s*(?:\w+: ${MARKUP},?\s*)+\}(?:,\s*\{[^}]*\})?,?\s*\)$`,
);

/** What a template may write without escaping it. */
export const unescaped: readonly RegExp[] = [
  /^include\("[\w/-]+"(?:, \{[\s\S]*\})?\)$/,
  /^body$/,
  /^ready$/,
  /^icon\([^)]*\)$/,
  /^standalone\.style$/,
  RICH,
  /^(?:timeTag|localTime)\((?:new Date\()?[\w.]+\)?\)$/,
  /^message\.(?:html|reasoningHtml|progress)$/,
];
