const FULL = { dateStyle: "full", timeStyle: "short" };
const TODAY = { timeStyle: "short" };
const THIS_YEAR = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
const EARLIER = { dateStyle: "medium" };

class LocalTime extends HTMLElement {
  connectedCallback() {
    const time = this.querySelector("time");
    const date = new Date(time?.dateTime);
    if (!Number.isNaN(date.getTime())) {
      time.textContent = tell(date, brevity(date, new Date()));
      time.title = tell(date, FULL);
    }
  }
}

function tell(date, format) {
  return new Intl.DateTimeFormat(locale(), format).format(date);
}

// The page's language, the way the reader's part of the world writes it.
function locale() {
  const { lang } = document.documentElement;
  return navigator.languages.find((language) => language.startsWith(lang)) ?? lang;
}

function brevity(date, now) {
  if (date.toDateString() === now.toDateString()) {
    return TODAY;
  }
  return date.getFullYear() === now.getFullYear() ? THIS_YEAR : EARLIER;
}

customElements.define("local-time", LocalTime);
