const SENT = "aifacade:sent";
const ARRIVED_WITHIN_MS = 30_000;

export function readDraft(key) {
  return attempt(() => localStorage.getItem(key)) ?? "";
}

export function saveDraft(key, text) {
  attempt(() => (text ? localStorage.setItem(key, text) : localStorage.removeItem(key)));
}

// A sent draft is forgotten only by the page that follows: if none does, the words are still here.
export function markSent(key) {
  attempt(() => sessionStorage.setItem(SENT, JSON.stringify({ key, at: Date.now() })));
}

// Tells whether this is the page that follows what was sent.
export function forgetSent() {
  const sent = attempt(() => JSON.parse(sessionStorage.getItem(SENT)));
  attempt(() => sessionStorage.removeItem(SENT));
  const hasArrived = sent !== null && arrived(sent);
  if (hasArrived) {
    saveDraft(sent.key, "");
  }
  return hasArrived;
}

// Going back or reloading is what people do when sending failed.
function arrived(sent) {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.type === "navigate" && Date.now() - sent.at < ARRIVED_WITHIN_MS;
}

// Storage throws where the browser forbids it and when it is full.
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
