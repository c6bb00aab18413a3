import type { MarkdownIt, StateCore, Token } from "markdown-it";
import { escapeHtml } from "../lib/html.js";
import { t } from "../lib/texts.js";

// Linkify takes letters of any script for a part of the address, but Chinese, Japanese and Korean text
// follows an address without a space far more often than it belongs to it.
const EAST_ASIAN = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]/;

interface Target {
  href: string;
  place: string;
}

/**
 * Links lead to http, https and mailto only, say where they go, and give the page they open nothing to hold on to.
 * What would be an image becomes a link, so that reading an answer never fetches anything from elsewhere.
 */
export function links(md: MarkdownIt): void {
  md.validateLink = (href) => targetOf(href) !== null;
  md.normalizeLinkText = (url) => url;
  linkifyAddressesOnly(md);
  md.core.ruler.push("targets", showTargets);
  md.renderer.rules.link_close = (tokens, index) => `${placeOf(tokens[index])}</a>`;
  md.renderer.rules.image = (tokens, index, options, env = {}, renderer) => {
    const image = tokens[index] as Token;
    const alt = renderer.renderInlineAsText(image.children ?? [], options, env);
    const text = escapeHtml(imageText(alt));
    return isPointed(image)
      ? `<a${renderer.renderAttrs(image)}>${text}${placeOf(image)}</a>`
      : text;
  };
}

function linkifyAddressesOnly(md: MarkdownIt): void {
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  md.linkify.add("ftp:", null).add("//", null);
  for (const schema of ["http:", "https:"]) md.linkify.add(schema, { validate: addressLength });
}

function addressLength(text: string, start: number, linkify: MarkdownIt["linkify"]): number {
  const pattern = linkify.re.get_http_validator();
  pattern.lastIndex = start;
  const [address = ""] = pattern.exec(text.slice(0, eastAsianAfter(text, start))) ?? [];
  return address.length;
}

function eastAsianAfter(text: string, start: number): number {
  const found = text.slice(start).search(EAST_ASIAN);
  return found < 0 ? text.length : start + found;
}

function showTargets(state: StateCore): void {
  for (const token of state.tokens) {
    if (token.type === "inline") {
      const tokens = token.children ?? [];
      token.children = withTargets(token.meta?.growing ? withoutLastAddress(tokens) : tokens);
    }
  }
}

// An address that is still being written would lead elsewhere, and its place would be rewritten with each letter.
function withoutLastAddress(tokens: Token[]): Token[] {
  const close = tokens.findLastIndex((token) => token.type !== "text" || /\s/.test(token.content));
  if (tokens[close]?.markup === "linkify" && tokens[close]?.type === "link_close") {
    return tokens.filter((_, index) => index !== close && index !== close - 2);
  } else {
    return tokens;
  }
}

function withTargets(tokens: Token[]): Token[] {
  const shown: Token[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as Token;
    if (token.type === "link_open") {
      const end = linkEnd(tokens, index);
      shown.push(...link(tokens.slice(index, end + 1)));
      index = end;
    } else {
      if (token.type === "image") pointImage(token);
      shown.push(token);
    }
  }
  return shown;
}

function linkEnd(tokens: Token[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index += 1) {
    const token = tokens[index] as Token;
    if (isLink(token)) depth += token.nesting;
    if (depth === 0) return index;
  }
  return tokens.length - 1;
}

// CommonMark forbids a link within a link; markdown-it lets `[<https://a>](https://b)` through.
function link(tokens: Token[]): Token[] {
  const [open, close] = [tokens[0] as Token, tokens.at(-1) as Token];
  const inner = tokens.filter((token) => !isLink(token));
  const target = targetOf(String(open.attrGet("href")));

  if (target) {
    return [pointed(open, target), ...inner, said(close, inner.map(textOf).join(""), target)];
  } else {
    return inner;
  }
}

function isLink(token: Token): boolean {
  return token.type === "link_open" || token.type === "link_close";
}

function pointImage(image: Token): void {
  const target = targetOf(String(image.attrGet("src")));
  if (target) said(pointed(image, target), "", target);
}

function pointed(token: Token, target: Target): Token {
  token.attrs = [
    ["href", target.href],
    ["rel", "noopener noreferrer nofollow"],
    ["target", "_blank"],
  ];
  return token;
}

function isPointed(token: Token): boolean {
  return token.attrIndex("href") >= 0;
}

function said(token: Token, text: string, target: Target): Token {
  token.meta = { place: shows(text, target.place) ? "" : target.place };
  return token;
}

function textOf(token: Token): string {
  switch (token.type) {
    case "softbreak":
    case "hardbreak":
      return " ";
    case "image":
      return imageText(token.content);
    default:
      return token.content;
  }
}

function imageText(alt: string): string {
  return alt.trim() === "" ? t("[image]") : t("[image: {alt}]", { alt: alt.trim() });
}

// Only a text that begins with the very host shows it: "bank.example.evil.org" or "bank.example@evil.org" do not.
function shows(text: string, place: string): boolean {
  const bare = withoutPrefix(text.trim().replace(/^(?:https?:\/\/|mailto:)/i, ""));
  const host = withoutPrefix(place);
  return bare.startsWith(host) && /^(?:$|[/?#])/.test(bare.slice(host.length));
}

function withoutPrefix(host: string): string {
  return host.toLowerCase().replace(/^www\./, "");
}

function placeOf(token: Token | undefined): string {
  const place = token?.meta?.place;
  return place ? ` <span class="link__host" dir="ltr">(${escapeHtml(String(place))})</span>` : "";
}

function targetOf(href: string): Target | null {
  if (!URL.canParse(href)) return null;

  const url = new URL(href);
  switch (url.protocol) {
    case "http:":
    case "https:":
      return { href: url.href, place: url.host };
    case "mailto:":
      return url.pathname === "" ? null : { href: url.href, place: url.pathname };
    default:
      return null;
  }
}
