const MOST_CHARACTERS = 120;
// What cannot be seen, or turns around what can: controls, marks of direction, halves of characters.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** The name of an uploaded file without its folders and whatever could mislead a reader or a program. */
export function tidyFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const plain = last.normalize("NFC").replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  return shortened(plain.replace(/^\.+$/, "")) || "file";
}

// The end says what it is.
function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= MOST_CHARACTERS) return name;

  const [extension = ""] = /\.[^.]{1,10}$/.exec(name) ?? [];
  const kept = MOST_CHARACTERS - extension.length - 1;
  return `${characters.slice(0, kept).join("").trim()}…${extension}`;
}
