import type { Request } from "express";
import { NotFound } from "../../errors.js";
import { readRowId } from "../../forms/paging.js";
import type { RunEvent } from "../../generator/broadcast.js";

/** A request about one message, which its address names. */
export type MessageRequest = Request<{ id: string }>;

interface Answer {
  conversationId: string;
  answerId: number;
}

export function messageIdOf(request: MessageRequest): number {
  const id = readRowId(request.params.id);

  if (id === null) {
    throw new NotFound();
  } else {
    return id;
  }
}

/** Whether no event follows this one. */
export function isLast({ type }: RunEvent): boolean {
  return type === "end" || type === "gone" || type === "restarting" || type === "moved";
}

/** Where an answer is read: its conversation, along the branch that it is in. */
export function addressOf({ conversationId, answerId }: Answer): string {
  return `/conversations/${conversationId}?message=${answerId}`;
}
