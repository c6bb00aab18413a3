import { z } from "zod";
import { MODEL } from "./model.js";
import { refusals } from "./refusals.js";

export interface Message {
  role: "system" | "user" | "assistant" | "tool";
  content: string;
}

export interface ChatRequest {
  messages: Message[];
  /** The last message is an assistant's that is to be gone on with. */
  continues: boolean;
  thinks: boolean;
  maxTokens: number;
  stream: boolean;
  includesUsage: boolean;
  /** Keeps the prefix caches of different people apart. */
  userId: string;
}

const textPart = z.object({ type: z.literal("text"), text: z.string() });
const content = z.union([
  z.string(),
  z.null().transform(() => ""),
  z.array(textPart).transform((parts) => parts.map((part) => part.text).join("")),
]);
const message = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content,
  prefix: z.boolean().nullish(),
});
const body = z.object({
  model: z.string(),
  messages: z.array(message),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().nullish(),
  thinking: z.object({ type: z.enum(["enabled", "disabled"]) }).nullish(),
  user_id: z.string().nullish(),
});

type Body = z.infer<typeof body>;

/** The body of POST /chat/completions; throws a Refusal. What the demo has no use for is ignored. */
export function readRequest(json: string): ChatRequest {
  const parsed = body.safeParse(parse(json));
  if (!parsed.success) throw wrongShape(parsed.error);
  check(parsed.data);

  const { messages, stream, stream_options, max_tokens, thinking, user_id } = parsed.data;
  return {
    messages: messages.map(({ role, content }) => ({ role, content })),
    continues: messages.at(-1)?.role === "assistant",
    thinks: thinking?.type !== "disabled",
    maxTokens: max_tokens ?? MODEL.mostOutputTokens,
    stream: stream ?? false,
    includesUsage: stream_options?.include_usage ?? false,
    userId: user_id ?? "",
  };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw refusals.notJson(error instanceof Error ? error.message : "syntax error");
  }
}

function wrongShape({ issues }: z.ZodError) {
  const [issue] = issues;
  return refusals.wrongShape(issue?.path.join(".") || "body", issue?.message ?? "invalid");
}

function check({ model, messages, max_tokens: maxTokens }: Body) {
  const last = messages.at(-1);

  if (model !== MODEL.id) throw refusals.unknownModel();
  if (!last) throw refusals.noMessages();
  if (last.role === "assistant" && !last.prefix) throw refusals.wrongLastMessage(model);
  if (maxTokens != null && !isWithin(maxTokens, MODEL.mostOutputTokens)) {
    throw refusals.wrongMaxTokens(MODEL.mostOutputTokens);
  }
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
