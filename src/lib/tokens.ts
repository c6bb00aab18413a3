import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A fresh random token: 128 bits by default, as base64url (22 characters). */
export function randomToken(bytes = 16): string {
  return randomBytes(bytes).toString("base64url");
}

/** SHA-256 of the parts as base64url; no two different lists of parts are digested alike. */
export function digest(...parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

/** HMAC-SHA-256 of the parts as base64url. */
export function signature(secret: string, ...parts: string[]): string {
  return createHmac("sha256", secret).update(JSON.stringify(parts)).digest("base64url");
}

/** Compares two strings in a time that does not tell where they differ. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(digest(a)), Buffer.from(digest(b))];
  return timingSafeEqual(left, right);
}
