import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import dotenv from "dotenv";
import { z } from "zod";

/** The folder of package.json, whether this runs from src/ or from dist/src/. */
export const root = projectRoot(path.dirname(fileURLToPath(import.meta.url)));

const MINUTE_MS = 60_000;
const MEGABYTE = 1_000_000;
const SECRET_NAMES = [
  "SESSION_SECRET",
  "PASSWORD_PEPPER",
  "ENCRYPTION_SECRET",
  "DEEPSEEK_API_KEY",
  "METRICS_TOKEN",
];
const EXAMPLE_SECRETS = ["change-me", "changeme", "dev-key-123", "secret"];

const settings = z.object({
  NODE_ENV: z.enum(["production", "development", "test"]).default("production"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: integer(0, 65_535).default(3000),
  INTERFACE_LANGUAGE: z.string().default("en"),
  DATABASE_URL: z
    .string()
    .regex(/^file:.+/, "must begin with file:, for example file:./data/aifacade.db")
    .default("file:./data/aifacade.db"),
  DISK_RESERVE_MEGABYTES: integer(0, 1_000_000).default(64),
  BACKUP_EVERY_HOURS: integer(0, 8760).default(24),
  BACKUP_KEEP: integer(1, 1000).default(7),
  BACKUP_FOLDER: z.string().min(1).optional(),
  PUBLIC_URL: address("https://chat.example.org").transform(origin).optional(),
  TRUST_PROXY: z.string().transform(trustedProxies).default(false),
  REGISTRATION: z.enum(["open", "closed"]).default("open"),
  SHARING: z.enum(["on", "off"]).default("on"),
  SESSION_SECRET: secret().optional(),
  PASSWORD_PEPPER: secret().optional(),
  ENCRYPTION_SECRET: secret().optional(),
  PASSWORD_MIN_LENGTH: integer(8, 64).default(8),
  BCRYPT_COST: integer(10, 16).default(12),
  SESSION_IDLE_DAYS: positive(365).default(14),
  SESSION_ABSOLUTE_DAYS: positive(365).default(90),
  DEEPSEEK_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "may hold no spaces or line breaks")
    .optional(),
  DEEPSEEK_BASE_URL: address("http://127.0.0.1:11434/v1").optional(),
  DEEPSEEK_MODEL: z.string().min(1).max(200).optional(),
  DEEPSEEK_DIALECT: z.enum(["auto", "deepseek", "generic"]).default("auto"),
  DEEPSEEK_CONNECT_TIMEOUT_MS: integer(100, 10 * MINUTE_MS).default(10_000),
  DEEPSEEK_HEADERS_TIMEOUT_MS: integer(100, 60 * MINUTE_MS).default(300_000),
  DEEPSEEK_FIRST_TOKEN_TIMEOUT_MS: integer(100, 60 * MINUTE_MS).default(300_000),
  DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS: integer(100, 60 * MINUTE_MS).default(120_000),
  DEEPSEEK_TOTAL_TIMEOUT_MS: integer(100, 1440 * MINUTE_MS).default(60 * MINUTE_MS),
  MODEL_CONTEXT_TOKENS: integer(1024, 100_000_000).default(65_536),
  MODEL_SEES: z.enum(["on", "off"]).default("off"),
  AUTO_TITLES: z.enum(["on", "off"]).default("on"),
  IMPORT_MAX_MEGABYTES: integer(1, 2000).default(400),
  PROMPT_MAX_CHARACTERS: integer(1, 32_000).default(32_000),
  FILE_MAX_MEGABYTES: integer(1, 100).default(10),
  FILES_QUOTA_MEGABYTES: integer(0, 1_000_000).default(200),
  RATE_LIMITS: z.enum(["on", "off"]).default("on"),
  LIMIT_REGISTRATIONS_PER_HOUR: integer(1, 1_000_000).default(10),
  LIMIT_LOGINS_PER_15_MINUTES: integer(1, 1_000_000).default(30),
  LIMIT_FAILED_LOGINS: integer(1, 100).default(5),
  LIMIT_QUESTIONS_PER_MINUTE: integer(1, 1_000_000).default(20),
  LIMIT_QUESTIONS_PER_HOUR: integer(1, 1_000_000).default(300),
  LIMIT_SEARCHES_PER_MINUTE: integer(1, 1_000_000).default(120),
  LIMIT_IMPORTS_PER_HOUR: integer(1, 1_000_000).default(20),
  LIMIT_ARCHIVES_PER_HOUR: integer(1, 1_000_000).default(10),
  LIMIT_UPLOADS_PER_MINUTE: integer(1, 1_000_000).default(60),
  LIMIT_RUNNING_PER_PERSON: integer(1, 10_000).default(4),
  LIMIT_RUNNING_IN_ALL: integer(1, 10_000).default(500),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "must have at least 16 characters, and no spaces")
    .optional(),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/** The name of every setting; `.env.example` explains each. */
export const settingNames = Object.keys(settings.shape);

export type Config = ReturnType<typeof arrange>;

// Tests say all that they want; a developer's own .env must not change their outcome.
if (process.env.NODE_ENV !== "test") dotenv.config({ path: path.join(root, ".env"), quiet: true });

/** The settings, read once, and `complaints`: every wrong one with how to mend it, or null. */
export const { config, complaints } = load(process.env);

/** Reads settings from an environment; when one is wrong there are complaints, and only defaults. */
export function load(environment: NodeJS.ProcessEnv): {
  config: Config;
  complaints: string | null;
} {
  const { values, unreadable } = withoutBlanks(withSecretFiles(environment));
  const parsed = settings.safeParse(values);
  const problems = [...unreadable, ...complaintsOf(parsed.error)];
  const chosen = parsed.success ? parsed.data : settings.parse({ NODE_ENV: "test" });

  return {
    config: Object.freeze(arrange(chosen)),
    complaints: problems.length === 0 ? null : complaint(problems),
  };
}

/** The environment of `npm run dev`: sample people must not get into the database that is really used. */
export function developmentEnvironment(): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: "file:./data/development/aifacade.db",
    ...process.env,
    NODE_ENV: "development",
  };
}

function arrange(s: z.infer<typeof settings>) {
  const databaseFile = path.resolve(root, s.DATABASE_URL.replace(/^file:/, ""));
  const databaseFolder = path.dirname(databaseFile);

  return {
    environment: s.NODE_ENV,
    host: s.HOST,
    port: s.PORT,
    language: s.INTERFACE_LANGUAGE,
    publicUrl: s.PUBLIC_URL ?? null,
    https: s.PUBLIC_URL?.startsWith("https:") ?? false,
    trustProxy: s.TRUST_PROXY,
    logLevel: s.LOG_LEVEL,
    metricsToken: s.METRICS_TOKEN ?? null,
    registration: s.REGISTRATION,
    sharing: s.SHARING === "on",
    database: {
      file: databaseFile,
      folder: databaseFolder,
      reserveMegabytes: s.DISK_RESERVE_MEGABYTES,
    },
    backups: {
      everyHours: s.BACKUP_EVERY_HOURS,
      keep: s.BACKUP_KEEP,
      folder: path.resolve(root, s.BACKUP_FOLDER ?? path.join(databaseFolder, "backups")),
    },
    secrets: {
      session: s.SESSION_SECRET ?? null,
      pepper: s.PASSWORD_PEPPER ?? null,
      encryption: s.ENCRYPTION_SECRET ?? null,
    },
    passwords: { minLength: s.PASSWORD_MIN_LENGTH, bcryptCost: s.BCRYPT_COST },
    sessions: { idleDays: s.SESSION_IDLE_DAYS, absoluteDays: s.SESSION_ABSOLUTE_DAYS },
    deepseek: {
      apiKey: s.DEEPSEEK_API_KEY ?? null,
      baseUrl: s.DEEPSEEK_BASE_URL ?? null,
      model: s.DEEPSEEK_MODEL ?? null,
      dialect: s.DEEPSEEK_DIALECT,
      contextTokens: s.MODEL_CONTEXT_TOKENS,
      sees: s.MODEL_SEES === "on",
      clocks: {
        connectMs: s.DEEPSEEK_CONNECT_TIMEOUT_MS,
        headersMs: s.DEEPSEEK_HEADERS_TIMEOUT_MS,
        firstTokenMs: s.DEEPSEEK_FIRST_TOKEN_TIMEOUT_MS,
        betweenTokensMs: s.DEEPSEEK_BETWEEN_TOKENS_TIMEOUT_MS,
        totalMs: s.DEEPSEEK_TOTAL_TIMEOUT_MS,
      },
    },
    autoTitles: s.AUTO_TITLES === "on",
    imports: {
      maxBytes: s.IMPORT_MAX_MEGABYTES * 1_000_000,
      folder: path.join(databaseFolder, "imports"),
    },
    files: {
      maxBytes: s.FILE_MAX_MEGABYTES * MEGABYTE,
      quotaBytes: s.FILES_QUOTA_MEGABYTES * MEGABYTE,
    },
    limits: {
      on: s.RATE_LIMITS === "on",
      promptCharacters: s.PROMPT_MAX_CHARACTERS,
      registrationsPerHour: s.LIMIT_REGISTRATIONS_PER_HOUR,
      loginsPer15Minutes: s.LIMIT_LOGINS_PER_15_MINUTES,
      failedLogins: s.LIMIT_FAILED_LOGINS,
      questionsPerMinute: s.LIMIT_QUESTIONS_PER_MINUTE,
      questionsPerHour: s.LIMIT_QUESTIONS_PER_HOUR,
      searchesPerMinute: s.LIMIT_SEARCHES_PER_MINUTE,
      importsPerHour: s.LIMIT_IMPORTS_PER_HOUR,
      archivesPerHour: s.LIMIT_ARCHIVES_PER_HOUR,
      uploadsPerMinute: s.LIMIT_UPLOADS_PER_MINUTE,
      runningPerPerson: s.LIMIT_RUNNING_PER_PERSON,
      runningInAll: s.LIMIT_RUNNING_IN_ALL,
    },
  };
}

function address(example: string) {
  return z.url({ protocol: /^https?$/, error: `must be an address such as ${example}` });
}

function integer(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
}

function positive(most: number) {
  const message = `must be a number above 0, at most ${most}`;
  return z.coerce.number(message).positive(message).max(most, message);
}

function secret() {
  return z
    .string()
    .min(
      32,
      "must have at least 32 characters; leave it out and a fresh one is made in the data folder",
    )
    .refine(
      (value) => new Set(value).size >= 10,
      "is too regular; leave it out and a fresh one is made",
    )
    .refine((value) => !EXAMPLE_SECRETS.some((word) => value.toLowerCase().includes(word)), {
      message: "is an example value; leave it out and a fresh one is made in the data folder",
    });
}

function origin(url: string): string {
  return new URL(url).origin;
}

// A hop count or a list of addresses; never "everybody", which would let any client forge its address.
function trustedProxies(text: string, context: z.RefinementCtx): number | string[] | false {
  const list = text.split(",").map((part) => part.trim());

  if (/^\d$/.test(text)) return Number(text) === 0 ? false : Number(text);
  if (list.every(isAddressOrSubnet)) return list;

  context.addIssue("must be the number of proxies in front (1 to 9) or a list of their addresses");
  return z.NEVER;
}

function isAddressOrSubnet(text: string): boolean {
  if (["loopback", "linklocal", "uniquelocal"].includes(text)) return true;

  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const prefix = bits === undefined ? longest : Number(bits);
  // An IPv4-mapped subnet shorter than /96 would trust every IPv4 client (CVE-2026-90711).
  const shortest = /^::ffff:/i.test(address) ? 97 : 1;

  return prefix >= shortest && prefix <= longest;
}

function withSecretFiles(environment: NodeJS.ProcessEnv) {
  const values: Record<string, string | undefined> = { ...environment };
  const unreadable: string[] = [];

  for (const name of SECRET_NAMES) {
    const file = environment[`${name}_FILE`];
    if (!file) continue;

    const content = contentOf(file);
    if (content) values[name] = content;
    else unreadable.push(`${name}_FILE names ${file}, which is empty or cannot be read`);
  }

  return { values, unreadable };
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}

// An empty value in .env means "not set".
function withoutBlanks({ values, unreadable }: ReturnType<typeof withSecretFiles>) {
  return {
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")),
    unreadable,
  };
}

// The first complaint of each setting: mended, most of the others are gone.
function complaintsOf(error: z.ZodError | undefined): string[] {
  const first = new Map<string, string>();
  for (const { path, message } of error?.issues ?? []) {
    const name = path.join(".");
    if (!first.has(name)) first.set(name, `${name} ${message}`);
  }
  return [...first.values()];
}

function complaint(problems: string[]): string {
  const lines = problems.map((problem) => `  - ${problem}`).join("\n");
  return `AIFacade cannot start: some settings are wrong.\n${lines}\nMend them in .env or in the environment; .env.example explains every setting.`;
}

function projectRoot(folder: string): string {
  if (existsSync(path.join(folder, "package.json"))) {
    return folder;
  } else {
    return projectRoot(path.dirname(folder));
  }
}
