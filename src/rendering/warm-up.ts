import { BlockStream } from "./block-stream.js";

// Java's names alone are a regular expression that takes 45 ms to compile.
const SAMPLE = [
  "Words, **bold** and `code`, https://example.org and [a link](https://example.org).",
  "| A | B |\n| - | - |\n| 1 | 2 |",
  "1. one\n2. two\n   - three",
  "```java\nclass A {}\n```",
].join("\n\n");

/** Before there is anybody to wait: what the first text of a process would take longer for than any other. */
export function warmUp(): void {
  const stream = new BlockStream();
  stream.append(SAMPLE);
  while (stream.isBehind) stream.update();
  stream.finish();
}
