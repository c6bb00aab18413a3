// What elements say stands in the page, in its language: views/layouts/_texts.ejs.
export function said(name, value = "") {
  const texts = document.querySelector("#texts").content;
  const text = texts.getElementById(name)?.textContent ?? "";
  const { lang } = document.documentElement;
  return text.replace(/\{\w+\}/, () => value.toLocaleString(lang));
}
