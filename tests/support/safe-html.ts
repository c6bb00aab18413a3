import assert from "node:assert/strict";
import * as cheerio from "cheerio";

/** Element to the attributes it may have. */
export type Allowed = Record<string, readonly string[]>;

interface ParsedNode {
  type: string;
  name?: string;
  attribs?: Record<string, string>;
  children?: ParsedNode[];
}

const CELL = ["class", "scope"];
const RENDERED: Allowed = {
  a: ["href", "rel", "target", "class", "aria-label"],
  blockquote: [],
  br: [],
  button: ["type", "class", "hidden"],
  code: ["class"],
  "code-download": ["name"],
  "copy-button": [],
  em: [],
  figcaption: ["class"],
  figure: ["class"],
  h3: [],
  h4: [],
  h5: [],
  h6: [],
  hr: [],
  input: ["type", "class", "disabled", "checked"],
  label: ["class"],
  li: ["class"],
  "mermaid-diagram": [],
  ol: ["start"],
  p: ["class", "id"],
  pre: ["class", "tabindex"],
  s: [],
  span: ["class", "dir"],
  strong: [],
  sup: ["class", "id"],
  table: [],
  tbody: [],
  td: CELL,
  th: CELL,
  thead: [],
  tr: [],
  ul: [],
  div: ["class", "tabindex", "role", "aria-label"],
  ...mathml(),
};

const VALUES: Record<string, RegExp> = {
  class: /^[\w+#.-]+(?: [\w+#.-]+)*$/,
  dir: /^ltr$/,
  href: /^(?:https?:\/\/[^\s"<>]+|mailto:[^\s"<>]+|#m\d+r?-(?:note|ref)-[\p{L}\p{N}_-]+)$/u,
  id: /^m\d+r?-(?:note|ref)-[\p{L}\p{N}_-]+$/u,
  name: /^code\.[a-z]+$/,
  rel: /^noopener noreferrer nofollow$/,
  role: /^(?:region|group|note)$/,
  scope: /^col$/,
  start: /^\d{1,9}$/,
  tabindex: /^0$/,
  target: /^_blank$/,
  type: /^(?:button|checkbox)$/,
};

/**
 * Parses the HTML as a browser would and fails unless every element, attribute, scheme and value is one that the
 * renderer may make, and unless reading it a second time gives the same tree. `allow` adds elements and attributes
 * (for a whole page); the values of those are not looked at.
 */
export function assertSafeHtml(html: string, { allow = {} }: { allow?: Allowed } = {}): void {
  const $ = cheerio.load(html, null, false);
  for (const node of $.root().contents().toArray()) assertSafeNode(node as ParsedNode, allow);

  const once = $.html();
  assert.equal(cheerio.load(once, null, false).html(), once, "a second parser sees something else");
}

function assertSafeNode(node: ParsedNode, allow: Allowed): void {
  if (node.type === "text") return;

  assert.equal(node.type, "tag", `a ${node.type} is not allowed`);
  assertSafeElement(node, allow);
  for (const child of node.children ?? []) assertSafeNode(child, allow);
}

function assertSafeElement({ name = "", attribs = {} }: ParsedNode, allow: Allowed): void {
  assert.ok(name in RENDERED || name in allow, `<${name}> is not allowed`);

  for (const [attribute, value] of Object.entries(attribs)) {
    if (allow[name]?.includes(attribute)) continue;
    assert.ok(RENDERED[name]?.includes(attribute), `<${name} ${attribute}> is not allowed`);
    assert.match(value, VALUES[attribute] ?? /^/, `<${name} ${attribute}="${value}">`);
  }
  if (name === "a" && !allow.a && !attribs.href?.startsWith("#m")) {
    assert.deepEqual(
      Object.keys(attribs),
      ["href", "rel", "target"],
      "a link leads elsewhere, safely",
    );
  }
}

function mathml(): Allowed {
  const elements = `math mrow mi mn mo mtext mspace mfrac msqrt mroot msup msub msubsup munder mover munderover
    mmultiscripts mprescripts none mtable mtr mtd mpadded mphantom mstyle menclose`;
  const attributes = `class accent depth display displaystyle fence form height largeop linethickness lspace
    mathvariant maxsize minsize movablelimits notation rspace scriptlevel separator stretchy symmetric voffset width`;
  return Object.fromEntries(elements.split(/\s+/).map((name) => [name, attributes.split(/\s+/)]));
}
