export function retitle(title) {
  document.title = `${title} · AIFacade`;
  for (const place of document.querySelectorAll("[data-part=conversation-title]")) {
    place.textContent = title;
  }
}
