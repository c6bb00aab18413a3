const LONGEST = 80;
// Names of devices on Windows, with any ending.
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** A title as the name of a file that every system takes: no path, nothing that is not seen, not too long. */
export function downloadName(title: string): string {
  const words = title
    .normalize("NFC")
    .replace(/\p{Cs}/gu, "\ufffd")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[/\\:*?"<>|%]+/g, "-");
  const cut = [...words]
    .slice(0, LONGEST)
    .join("")
    .replace(/^[\s.-]+|[\s.-]+$/g, "");
  return cut === "" || RESERVED.test(cut) ? `conversation ${cut}`.trim() : cut;
}
