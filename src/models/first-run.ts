import { config } from "../config.js";
import { isLoopback } from "../lib/text.js";
import { isSame, randomToken } from "../lib/tokens.js";
import * as users from "./users.js";

let token: string | null = null;

/**
 * While nobody has registered, the first to do so becomes the administrator. On a network that must
 * not be whoever is fastest, so they also need this token, which the terminal shows.
 */
export async function setupToken(): Promise<string | null> {
  if (isPrivate() || (await users.hasFounder())) {
    token = null;
  } else {
    token ??= randomToken();
  }
  return token;
}

export async function allowsRegistration(given: string): Promise<boolean> {
  const expected = await setupToken();
  return expected === null || isSame(expected, given);
}

// A proxy in front brings the network to a server that itself listens on this machine only.
function isPrivate(): boolean {
  return isLoopback(config.host) && !config.publicUrl && !config.trustProxy;
}
