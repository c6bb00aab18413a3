import { createRequire } from "node:module";
import { escapeHtml } from "../lib/html.js";

const LONGEST_SOURCE = 2_000;
// With definitions of its own a formula of a line could grow to millions of tokens before anybody counts them; without, no
// part of it becomes more than some elements.
const DEFINES = /\\(?:[egx]?def|let|futurelet|global|(?:re)?newcommand|providecommand)(?![a-zA-Z])/;
const MOST_ELEMENTS = 4_000;
const DEEPEST_NESTING = 60;

const OPTIONS = { throwOnError: true, trust: false, strict: false, maxExpand: 1000 } as const;

const ELEMENTS = new Set(
  `math mrow mi mn mo mtext mspace mfrac msqrt mroot msup msub msubsup munder mover munderover mmultiscripts
  mprescripts none mtable mtr mtd mpadded mphantom mstyle menclose`.split(/\s+/),
);
const SWITCH = /^(?:true|false)$/;
const LENGTH = /^[+-]?[\d.]+(?:em|ex|pt|px|mu)?$/;
const ATTRIBUTES: Record<string, RegExp> = {
  accent: SWITCH,
  depth: LENGTH,
  display: /^block$/,
  displaystyle: SWITCH,
  fence: SWITCH,
  form: /^(?:prefix|infix|postfix)$/,
  height: LENGTH,
  largeop: SWITCH,
  linethickness: LENGTH,
  lspace: LENGTH,
  mathvariant: /^normal$/,
  maxsize: LENGTH,
  minsize: LENGTH,
  movablelimits: SWITCH,
  notation: /^[a-z]+(?: [a-z]+)*$/,
  rspace: LENGTH,
  scriptlevel: /^[+-]?\d$/,
  separator: SWITCH,
  stretchy: SWITCH,
  symmetric: SWITCH,
  voffset: LENGTH,
  width: LENGTH,
};
const CLASSES = new Set(["tml-left", "tml-right", "tml-small"]);
// The page's policy forbids style=, so what of it matters is said by class.
const STYLE_CLASSES: readonly [name: string, value: RegExp, className: string][] = [
  ["paddingLeft", /^0/, "tml-flush-start"],
  ["paddingRight", /^0/, "tml-flush-end"],
  ["paddingLeft", /^1em$/, "tml-wide-start"],
  ["borderTop", /solid|dashed/, "tml-line-top"],
  ["borderBottom", /solid|dashed/, "tml-line-bottom"],
  ["borderLeft", /solid|dashed/, "tml-line-left"],
  ["borderRight", /solid|dashed/, "tml-line-right"],
  ["border", /solid/, "tml-box"],
];

interface Node {
  type?: string;
  text?: string;
  children?: Node[];
  classes?: string[];
  style?: Record<string, unknown>;
  attributes?: Record<string, unknown>;
}

/** What we use of Temml, under its real name, which its own types do not tell. */
interface Temml {
  __renderToMathMLTree(source: string, options: object): Node;
}

let temml: Temml | undefined;

/** TeX as MathML of known elements and attributes only, or null where it is wrong, too large or more than a formula. */
export function mathml(source: string, isDisplay: boolean): string | null {
  if (source.length > LONGEST_SOURCE || DEFINES.test(source)) return null;
  const options = { ...OPTIONS, displayMode: isDisplay, macros: {}, maxSize: [20, 200] };
  const { __renderToMathMLTree: treeOf } = library();

  try {
    const tree = treeOf(source, options);
    return write(tree, { elements: 0 }, 0);
  } catch {
    return null;
  }
}

// Whoever writes no formulas does not pay for its 8 MB.
function library(): Temml {
  temml ??= createRequire(import.meta.url)("temml") as Temml;
  return temml;
}

function write(node: Node, count: { elements: number }, depth: number): string {
  if (node.text !== undefined) return escapeHtml(node.text);

  count.elements += 1;
  if (count.elements > MOST_ELEMENTS || depth > DEEPEST_NESTING) throw new Error("too large");
  const inner = (node.children ?? []).map((child) => write(child, count, depth + 1)).join("");
  // A fragment has no type of its own.
  if (node.type === undefined && node.attributes === undefined && node.style) return inner;
  if (!ELEMENTS.has(node.type ?? "")) throw new Error("not a formula");
  return `<${node.type}${attributesOf(node)}>${inner}</${node.type}>`;
}

function attributesOf({ attributes = {}, classes = [], style = {} }: Node): string {
  const known = Object.entries(attributes)
    .map(([name, value]) => [name, String(value)] as const)
    .filter(([name, value]) => ATTRIBUTES[name]?.test(value))
    .map(([name, value]) => ` ${name}="${value}"`);
  const styled = STYLE_CLASSES.filter(([name, value]) => value.test(String(style[name] ?? "")));
  const names = [
    ...classes.filter((name) => CLASSES.has(name)),
    ...styled.map(([, , name]) => name),
  ];
  return known.join("") + (names.length > 0 ? ` class="${names.join(" ")}"` : "");
}
