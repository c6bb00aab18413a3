// In Safari the Enter that ends a composition says isComposing false, and has the keyCode 229.
export function isPlainEnter(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

export function isTyping({ target, ctrlKey, metaKey, altKey }) {
  return (
    ctrlKey || metaKey || altKey || target.matches("input, textarea, select, [contenteditable]")
  );
}

export function hasTouchKeyboard() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

// A dialog or menu that is open takes Escape for itself.
export function isOverlaid() {
  return document.querySelector(":popover-open, dialog[open]") !== null;
}
