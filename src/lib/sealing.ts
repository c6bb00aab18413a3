import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a text (AES-256-GCM) so that only the secret opens it again, and only for the same context. */
export function seal(secret: string, text: string, context: string[]): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(secret), iv).setAAD(bytesOf(context));
  const encrypted = [cipher.update(text, "utf8"), cipher.final()];
  return Buffer.concat([iv, ...encrypted, cipher.getAuthTag()]).toString("base64url");
}

/** The text that was sealed, or null where the secret, the context or the sealed text is another. */
export function unseal(secret: string, sealed: string, context: string[]): string | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < IV_BYTES + TAG_BYTES) return null;

  const decipher = createDecipheriv(CIPHER, keyOf(secret), bytes.subarray(0, IV_BYTES))
    .setAAD(bytesOf(context))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const encrypted = bytes.subarray(IV_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

function keyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", "sealing", KEY_BYTES));
}

function bytesOf(context: string[]): Buffer {
  return Buffer.from(JSON.stringify(context));
}
