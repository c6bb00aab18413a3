import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ejs from "ejs";

/** Renders the template of that name with its locals. */
export type Render = (name: string, locals: object) => string;

type Template = (locals: object) => string;

const DECLARED = /<%# locals: ([^%]*?) -?%>/;
const SUFFIX = ".ejs";

/**
 * Reads all templates of a folder, once: rendering touches no disk. A template says on top which locals
 * it takes (`<%# locals: message, author -%>`) and gets those, the helpers and `include`, nothing else;
 * one that is missing is an error. With `fresh`, each rendering reads anew what it uses.
 */
export function readTemplates(folder: string, helpers: object, fresh = false): Render {
  const templates = new Map<string, Template>();
  const common: object = Object.assign(Object.create(null), helpers, { include });

  if (!fresh) for (const name of namesIn(folder)) find(name);
  return render;

  function render(name: string, locals: object): string {
    if (fresh) templates.clear();
    return include(name, locals);
  }

  function include(name: string, locals: object = {}): string {
    return find(name)(Object.assign(Object.create(common), locals));
  }

  function find(name: string): Template {
    const known = templates.get(name);
    if (known) return known;

    const template = compile(path.join(folder, name + SUFFIX), Object.keys(common));
    templates.set(name, template);
    return template;
  }
}

function namesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length).split(path.sep).join("/"));
}

function compile(file: string, common: string[]): Template {
  const source = readFileSync(file, "utf8");
  const declared = DECLARED.exec(source)?.[1]?.split(", ") ?? [];
  const template = ejs.compile(source, optionsFor(file, [...common, ...declared]));

  return (locals) => {
    const missing = declared.find((name) => !(name in locals));
    if (missing) throw new Error(`${file} takes ${missing}, which was not given.`);
    return template(locals);
  };
}

// EJS's own `with` makes every name in a template a search, and its own `include` asks the disk each time.
// The locals are an object without a prototype but ours, so what EJS guards against cannot be there.
function optionsFor(filename: string, destructuredLocals: string[]) {
  const names = { strict: true, destructuredLocals, unsafePrototypeLocals: true };
  return { filename, rmWhitespace: true, ...names };
}
