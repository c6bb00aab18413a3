import { type FileRow, type FileView, fileView } from "./file-view.js";
import { actionsOf, type Outcome, outcomeOf } from "./outcomes.js";
import { type Priced, type Receipt, receiptOf } from "./receipts.js";

/** A row of a message, as far as it is shown. */
export interface MessageRow extends Priced {
  id: number;
  conversationId: string;
  role: string;
  /** Seconds since 1970. */
  askedAt: number;
  /** The text of a question; an answer's is in its HTML. */
  question: string;
  /** How long the text is. */
  bytes: number;
  siblings: number[];
  files: FileRow[];
  state: string | null;
  failure: string | null;
  finishReason: string | null;
  model: string | null;
  thoughtForMs: number | null;
  html: string | null;
  reasoningHtml: string | null;
}

/** What a running answer has by now: its blocks, and the line above it. */
export interface Growing {
  html: string;
  reasoningHtml: string;
  progress: string;
  thoughtForMs: number | null;
}

export interface MessageView {
  id: number;
  conversationId: string;
  role: string;
  askedAt: Date;
  /** Where it is read: its conversation, along the branch that it is in. */
  address: string;
  question: string;
  html: string;
  reasoningHtml: string;
  thoughtForMs: number | null;
  state: string | null;
  outcome: Outcome | null;
  actions: {
    copy: boolean;
    continue: boolean;
    regenerate: boolean;
    retry: boolean;
    /** Another model may be asked instead. */
    choose: boolean;
  };
  siblings: Siblings | null;
  files: FileView[];
  model: string | null;
  /** Who wrote it, by name. */
  writer: string | null;
  receipt: Receipt | null;
  progress: string;
}

/** Who wrote an answer, by name, with the provider where it is an added one, and whether others could. */
interface Models {
  writer: string | null;
  provider: string | null;
  hasOthers: boolean;
}

export interface Siblings {
  position: number;
  count: number;
  previous: string | null;
  next: string | null;
}

const NO_MODELS: Models = { writer: null, provider: null, hasOthers: false };

export function messageView(
  row: MessageRow,
  growing: Growing | null,
  { writer, provider, hasOthers }: Models = NO_MODELS,
): MessageView {
  const actions = actionsOf(row);
  return {
    id: row.id,
    conversationId: row.conversationId,
    role: row.role,
    askedAt: new Date(1000 * row.askedAt),
    address: addressOf(row.conversationId, row.id),
    question: row.question,
    html: growing?.html ?? row.html ?? "",
    reasoningHtml: growing?.reasoningHtml ?? row.reasoningHtml ?? "",
    thoughtForMs: growing?.thoughtForMs ?? row.thoughtForMs,
    state: row.state,
    outcome: row.role === "answer" ? outcomeOf(row) : null,
    actions: { ...actions, choose: hasOthers && (actions.regenerate || actions.retry) },
    siblings: neighbours(row.id, row.siblings, (id) => addressOf(row.conversationId, id)),
    files: row.files.map(fileView),
    model: row.model,
    writer,
    receipt: receiptOf(row, provider),
    progress: growing?.progress ?? "",
  };
}

// From the root: pages that are not the conversation's own show messages, too.
function addressOf(conversationId: string, id: number): string {
  return `/conversations/${conversationId}?message=${id}#message-${id}`;
}

/** What stands beside a message, by its addresses; null where that is alone. */
export function neighbours(
  id: number,
  siblings: number[],
  addressOf: (id: number) => string,
): Siblings | null {
  if (siblings.length < 2) return null;

  const index = siblings.indexOf(id);
  const link = (sibling?: number) => (sibling === undefined ? null : addressOf(sibling));

  return {
    position: index + 1,
    count: siblings.length,
    previous: link(siblings[index - 1]),
    next: link(siblings[index + 1]),
  };
}
