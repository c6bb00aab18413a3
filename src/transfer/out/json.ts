import {
  fileOf,
  type Leaving,
  type LeavingFile,
  type LeavingMessage,
} from "../../models/conversations/transfer.js";
import { pieces, type ShownFile } from "../../models/files.js";
import { FORMAT, VERSION } from "../format.js";

/** Where a file's bytes lie, seen from the JSON; without it they are in the JSON themselves. */
type PathOf = (file: ShownFile, number: number) => string;

/** A conversation with all its branches as our own JSON, one message a line; src/transfer/README.md says what it holds. */
export async function* json(
  { readingId, ...conversation }: Leaving,
  messages: AsyncIterable<LeavingMessage>,
  pathOf: PathOf | null = null,
): AsyncGenerator<string> {
  // In a file messages and files are counted from 1: two copies of a conversation are alike, whichever rows they have.
  const numbers = new Map<number, number>();
  const fileNumbers = new Map<string, number>();
  const files: ShownFile[] = [];
  yield opening(conversation);

  for await (const message of messages) {
    const isFirst = numbers.size === 0;
    numbers.set(message.id, numbers.size + 1);
    for (const file of message.files) {
      if (!fileNumbers.has(file.id)) fileNumbers.set(file.id, files.push(file));
    }
    yield `${isFirst ? "\n" : ",\n"}${JSON.stringify(numbered(message, numbers, fileNumbers))}`;
  }
  yield `\n],"files":[`;
  yield* filesIn(files, pathOf);
  yield `],"reading":${JSON.stringify(numberOf(readingId, numbers))}}}\n`;
}

function opening(conversation: Omit<Leaving, "readingId">): string {
  const head = JSON.stringify({ format: FORMAT, version: VERSION, conversation });
  return `${head.slice(0, -2)},"messages":[`;
}

function numbered(
  message: LeavingMessage,
  numbers: Map<number, number>,
  fileNumbers: Map<string, number>,
) {
  const { id, parentId, role, body, createdAt, files, ...answer } = message;
  const either = {
    id: numberOf(id, numbers),
    parentId: numberOf(parentId, numbers),
    ...{ role, body, createdAt },
  };
  if (role === "answer") return { ...either, ...answer };
  return files.length > 0
    ? { ...either, files: files.map((file) => fileNumbers.get(file.id)) }
    : either;
}

function numberOf(id: number | null, numbers: Map<number, number>): number | null {
  return id === null ? null : (numbers.get(id) ?? null);
}

async function* filesIn(files: ShownFile[], pathOf: PathOf | null): AsyncGenerator<string> {
  for (const [index, shown] of files.entries()) {
    const file = await fileOf(shown.id);
    yield index === 0 ? "\n" : ",\n";
    if (!file) {
      yield JSON.stringify({ name: shown.name });
    } else if (pathOf) {
      yield JSON.stringify({ ...described(file), path: pathOf(shown, index + 1) });
    } else {
      yield `${JSON.stringify(described(file)).slice(0, -1)},"content":"`;
      yield* inBase64(pieces(shown.id));
      yield '"}';
    }
  }
}

function described({ digest, ...file }: LeavingFile) {
  return { ...file, sha256: Buffer.from(digest, "base64url").toString("hex") };
}

// Three bytes are four characters: what a piece has beyond that goes with the next.
async function* inBase64(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const piece of content) {
    const bytes = Buffer.concat([rest, piece]);
    const whole = bytes.length - (bytes.length % 3);
    yield bytes.toString("base64", 0, whole);
    rest = bytes.subarray(whole);
  }
  yield rest.toString("base64");
}
