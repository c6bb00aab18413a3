// The HTML is our own server's, where everything a person or a model wrote was escaped.
const rules = { createHTML: (html) => html, createScriptURL: (url) => url };
const policy = globalThis.trustedTypes?.createPolicy("aifacade", rules) ?? rules;

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  return template.content;
}

export function scriptUrl(url) {
  return policy.createScriptURL(url);
}

export function morphBlocks(parent, shown, wanted) {
  if (parent.children.length !== shown?.length) {
    morphChildren(parent, parse(wanted.join("")).childNodes);
    return;
  }
  for (const [index, html] of wanted.entries()) {
    if (html !== shown[index]) {
      morphBlock(parent, index, parse(html).firstElementChild);
    }
  }
  while (parent.children.length > wanted.length) {
    parent.lastElementChild.remove();
  }
}

function morphBlock(parent, index, fresh) {
  const old = parent.children[index];
  if (!old) {
    parent.append(fresh);
  } else if (matches(old, fresh)) {
    morph(old, fresh);
  } else {
    old.replaceWith(fresh);
  }
}

export function morphChildren(parent, fresh) {
  let old = parent.firstChild;
  for (const node of [...fresh]) {
    const match = findMatch(old, node);
    if (match) {
      removeBetween(old, match);
      morph(match, node);
      old = match.nextSibling;
    } else {
      parent.insertBefore(node, old);
    }
  }
  removeBetween(old, null);
}

// Text looks no further than its own place, because any other text would match as well.
function findMatch(old, fresh) {
  let candidate = old;
  while (candidate && !matches(candidate, fresh)) {
    candidate = fresh.nodeType === Node.ELEMENT_NODE ? candidate.nextSibling : null;
  }
  return candidate;
}

function matches(old, fresh) {
  return (
    old.nodeName === fresh.nodeName && old.id === fresh.id && firstClass(old) === firstClass(fresh)
  );
}

function firstClass(node) {
  return node.classList?.[0];
}

function removeBetween(first, end) {
  let node = first;
  while (node !== end) {
    const next = node.nextSibling;
    node.remove();
    node = next;
  }
}

// Custom elements look after their own insides, which they may have changed since.
function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    morphText(old, fresh.data);
  } else if (!old.localName.includes("-") && !old.isEqualNode(fresh)) {
    morphAttributes(old, fresh);
    morphChildren(old, fresh.childNodes);
  }
}

// Only what differs is replaced, so that a selection in the rest of the text stays.
function morphText(node, text) {
  const old = node.data;
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old[start] === text[start]) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === text.at(-1 - end)) {
    end++;
  }
  if (old !== text) {
    node.replaceData(start, old.length - start - end, text.slice(start, text.length - end));
  }
}

// Whether a <details> is open is the reader's choice.
export function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (name !== "open" && !fresh.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== "open" && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
}
