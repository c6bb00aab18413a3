import { escapeHtml } from "../lib/html.js";
import { type Highlight, highlight, isColourable } from "./code.js";

// On so much the slowest grammar spends 3 ms, but when it is new 25.
const SHORT = 500;
const LONGEST = 8_000;
const QUICK_MS = 8;
const GROWN = 1.125;

interface Coloured {
  code: string;
  language: string;
  html: string;
  slowTimes: number;
}

const NOTHING: Coloured = { code: "", language: "", html: "", slowTimes: 0 };

/**
 * The colours of a text that grows beside others, whom it must not hold up: short code has all of them at once. Longer
 * code gets them as it grows, as long as its grammar is quick; what comes after that is plain.
 */
export class Colours {
  /** Whether all code that has ended has the colours of `highlight`. */
  areComplete = true;
  // A list is rendered many times over while its last item grows.
  readonly #known = new Map<string, string>();
  #growing = NOTHING;

  /** For code that has ended. */
  readonly whole: Highlight = (code, language) => {
    const key = `${language}\n${code}`;
    const html = this.#known.get(key) ?? this.#whole(code, language);
    this.#known.set(key, html);
    return html;
  };

  /**
   * For code that is still being written: whole lines are coloured anew when they have grown by an eighth, so that the
   * cost stays linear in the length of the code.
   */
  readonly growing: Highlight = (code, language) => {
    if (!isColourable(code, language)) return escapeHtml(code);

    const before = this.#beginningOf(code, language);
    const end = code.lastIndexOf("\n", before.code.length + SHORT - 1) + 1;
    const hasGrown = end > before.code.length * GROWN && end <= LONGEST;
    this.#growing = hasGrown && isQuick(before) ? coloured(code.slice(0, end), before) : before;
    return continued(this.#growing, code);
  };

  #whole(code: string, language: string): string {
    if (code.length <= SHORT || !isColourable(code, language)) return highlight(code, language);

    const before = this.#beginningOf(code, language);
    const isLittleMore = code.length <= before.code.length * GROWN + SHORT;
    if (isLittleMore && code.length <= LONGEST && isQuick(before)) return highlight(code, language);

    this.areComplete = false;
    return continued(before, code);
  }

  #beginningOf(code: string, language: string): Coloured {
    const isSame = this.#growing.language === language && code.startsWith(this.#growing.code);
    return isSame ? this.#growing : { ...NOTHING, language };
  }
}

// Once may be due to whatever else the processor was given to do.
function isQuick({ slowTimes }: Coloured): boolean {
  return slowTimes < 2;
}

function coloured(code: string, { language, slowTimes }: Coloured): Coloured {
  // The first use of a grammar compiles it, which says nothing about the code.
  highlight("", language);
  const start = performance.now();
  const html = highlight(code, language);
  const isSlow = performance.now() - start > QUICK_MS;
  return { code, language, html, slowTimes: slowTimes + (isSlow ? 1 : 0) };
}

function continued({ code: before, html }: Coloured, code: string): string {
  return html + escapeHtml(code.slice(before.length));
}
