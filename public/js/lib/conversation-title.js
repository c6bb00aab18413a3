export function retitle(title) {
  document.title = `${title} · AIFacade`;
  for (const place of document.querySelectorAll("[data-part=conversation-title]")) {
    place.textContent = title;
  }
  // What somebody types there at this moment is left alone.
  const field = document.querySelector("[data-part=conversation-title-field]");
  if (field) {
    field.defaultValue = title;
  }
}
