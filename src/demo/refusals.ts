/** A request that is refused, as DeepSeek words it. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, message: string, type = "invalid_request_error") {
    super(message);
    this.status = status;
    this.body = { error: { message, type, param: null, code: "invalid_request_error" } };
  }
}

const PREFIX_GUIDE = "https://api-docs.deepseek.com/guides/chat_prefix_completion";

export const refusals = {
  noKey: () =>
    new Refusal(
      401,
      "Authentication Fails (auth header format should be Bearer sk-...)",
      "authentication_error",
    ),

  wrongKey: (key: string) =>
    new Refusal(
      401,
      `Authentication Fails, Your api key: ****${key.slice(-4)} is invalid`,
      "authentication_error",
    ),

  notJson: (reason: string) =>
    new Refusal(400, `Failed to parse the request body as JSON: ${reason}`),

  wrongShape: (where: string, reason: string) =>
    new Refusal(
      400,
      `Failed to deserialize the JSON body into the target type: ${where}: ${reason}`,
    ),

  unknownModel: () => new Refusal(400, "Model Not Exist"),

  noMessages: () => new Refusal(400, "Empty input messages"),

  wrongMaxTokens: (most: number) =>
    new Refusal(400, `Invalid max_tokens value, the valid range of max_tokens is [1, ${most}]`),

  wrongLastMessage: (model: string) =>
    new Refusal(
      400,
      `The last message of ${model} must be a user message, or an assistant message with prefix mode on (refer to ${PREFIX_GUIDE}).`,
    ),

  tooLong: (window: number, tokens: number) =>
    new Refusal(
      400,
      `This model's maximum context length is ${window} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
    ),

  tooLarge: () => new Refusal(413, "Request body too large"),

  notFound: () => new Refusal(404, "Not Found"),

  broken: () => new Refusal(500, "Internal Server Error", "server_error"),
};
