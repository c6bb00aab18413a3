export interface Split {
  type: "reasoning" | "content";
  text: string;
}

export interface ThinkTags {
  /** What of the content so far can be told apart; the rest is held until more comes. */
  feed(text: string): Split[];
  end(): Split[];
}

const OPENING = "<think>";
const CLOSING = "</think>";

/**
 * Splits `<think>…</think>` off the start of the content, as servers send it that leave a model's
 * template alone. Later in the answer the tag is text: someone may be writing about it.
 */
export function thinkTags(): ThinkTags {
  let state: "start" | "inside" | "after" | "content" = "start";
  let held = "";

  function feed(text: string): Split[] {
    held += text;
    return [...opening(), ...inside(), ...after(), ...rest()];
  }

  function opening(): Split[] {
    if (state !== "start") return [];

    const text = held.trimStart();
    if (text.startsWith(OPENING)) {
      state = "inside";
      held = text.slice(OPENING.length);
    } else if (!OPENING.startsWith(text)) {
      state = "content";
    }
    return [];
  }

  function inside(): Split[] {
    if (state !== "inside") return [];

    const end = held.indexOf(CLOSING);
    const reasoning = held.slice(0, end === -1 ? held.length - overlap(held, CLOSING) : end);
    held = held.slice(end === -1 ? reasoning.length : end + CLOSING.length);
    if (end !== -1) state = "after";
    return split("reasoning", reasoning);
  }

  function after(): Split[] {
    if (state !== "after") return [];

    held = held.trimStart();
    if (held !== "") state = "content";
    return [];
  }

  function rest(): Split[] {
    return state === "content" ? flush("content") : [];
  }

  function flush(type: Split["type"]): Split[] {
    const text = held;
    held = "";
    return split(type, text);
  }

  return { feed, end: () => flush(state === "inside" ? "reasoning" : "content") };
}

function split(type: Split["type"], text: string): Split[] {
  return text === "" ? [] : [{ type, text }];
}

/** How many characters at the end of the text may be the beginning of the tag. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
