/** Who may use whom: each room with the rooms that it may import from, besides itself. */
export const rooms: Record<string, readonly string[]> = {
  app: ["routes", "middleware", "helpers", "stores", "lib", "config"],
  tasks: [
    "models",
    "forms",
    "generator",
    "rendering",
    "stores",
    "lib",
    "config",
    "errors",
    "prisma",
  ],
  schedule: ["models", "generator", "transfer", "stores", "lib", "config"],
  routes: [
    "middleware",
    "forms",
    "models",
    "generator",
    "transfer",
    "helpers",
    "lib",
    "config",
    "errors",
  ],
  middleware: [
    "generator",
    "transfer",
    "models",
    "forms",
    "helpers",
    "stores",
    "lib",
    "config",
    "errors",
  ],
  generator: ["models", "deepseek", "demo", "rendering", "stores", "lib", "config", "errors"],
  transfer: ["models", "forms", "helpers", "lib", "config", "errors"],
  models: ["stores", "lib", "config", "errors"],
  forms: ["lib", "errors"],
  helpers: ["rendering", "lib"],
  rendering: ["lib"],
  deepseek: ["lib"],
  demo: ["lib"],
  stores: ["config", "lib", "errors"],
  lib: [],
  config: [],
  errors: ["lib"],
  // Declarations only: what express and its session carry for us.
  types: ["models"],
  // Sample data, made through the models by a task.
  prisma: ["models", "rendering", "stores", "tasks", "config", "errors"],
};

/** What one shelf or file may use beyond its room. */
export const exceptions: Record<string, readonly string[]> = {
  "src/server.ts": Object.keys(rooms),
  // The language is a setting, and constants of any room are in it.
  "src/lib/texts.ts": ["config"],
  "src/routes/ops/": ["stores"],
};

/** The packages that a room may use; the rooms that are not here are free. */
export const packages: Record<string, readonly RegExp[]> = {
  rendering: [
    /^markdown-it/,
    /^highlight\.js/,
    /^node:(?:events|fs|module|worker_threads)$/,
    /^tsx\/esm\/api$/,
  ],
  deepseek: [/^undici$/, /^eventsource-parser/, /^node:timers\/promises$/],
  forms: [/^zod$/],
  helpers: [/^node:(crypto|fs|path)$/],
  errors: [],
};
