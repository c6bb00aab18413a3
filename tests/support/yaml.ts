type Yaml = string | Yaml[] | { [key: string]: Yaml };

interface Line {
  indent: number;
  text: string;
  number: number;
}

/** Reads the little YAML that our examples are written in: maps, lists and plain values; refuses anything else. */
export function parseYaml(source: string): Yaml {
  const lines = source
    .split("\n")
    .map((raw, index) => ({
      indent: raw.search(/\S/),
      text: raw.trim().replace(/(^|\s)#.*$/, ""),
      number: index + 1,
    }))
    .filter(({ text }) => text.trim() !== "");
  const { value, next } = block(lines, 0, 0);
  if (next < lines.length) refuse(lines[next] as Line);
  return value;
}

function block(lines: Line[], start: number, indent: number): { value: Yaml; next: number } {
  return lines[start]?.text.startsWith("- ")
    ? list(lines, start, indent)
    : map(lines, start, indent);
}

function list(lines: Line[], start: number, indent: number) {
  const value: Yaml[] = [];
  let at = start;

  for (; lines[at]?.indent === indent; at += 1) {
    const line = lines[at] as Line;
    const [, item] = /^- (.+)$/.exec(line.text) ?? refuse(line);
    value.push(scalar(String(item)));
  }
  return { value, next: at };
}

function map(lines: Line[], start: number, indent: number) {
  const value: Record<string, Yaml> = {};
  let at = start;

  while (lines[at]?.indent === indent) {
    const line = lines[at] as Line;
    const [, key = "", inline = ""] = /^([\w-]+):(?: (.+))?$/.exec(line.text) ?? refuse(line);
    const below = lines[at + 1];
    const isParent = inline === "" && below !== undefined && below.indent > indent;
    if (key in value) refuse(line);

    const child = isParent ? block(lines, at + 1, below.indent) : null;
    value[key] = child ? child.value : scalar(inline);
    at = child ? child.next : at + 1;
  }
  return { value, next: at };
}

function scalar(text: string): string {
  return text.trim().replace(/^"(.*)"$/, "$1");
}

function refuse({ number, text }: Line): never {
  throw new Error(`line ${number} is not YAML that we write: ${text}`);
}
