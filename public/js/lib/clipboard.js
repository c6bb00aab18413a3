/** Copies what a promise gives. Where that fails so does this; else it tells whether the browser let us. */
export async function copyText(text) {
  try {
    // Within the click, before the text is there: later Safari refuses.
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text.then(plain) })]);
    return true;
  } catch {
    return copySelected(await text);
  }
}

function plain(text) {
  return new Blob([text], { type: "text/plain" });
}

// Browsers offer navigator.clipboard over https and on localhost only; a server on a LAN has neither.
function copySelected(text) {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return copied;
}
