// Runs in a page without an origin, which may ask nobody for anything: what a model wrote is drawn here, and nowhere else.
const LONGEST_SOURCE = 50_000;
// What no diagram may say about itself: the library's own list, and styles.
const OURS = [
  "secure",
  "securityLevel",
  "startOnLoad",
  "maxTextSize",
  "maxEdges",
  "suppressErrorRendering",
  "dompurifyConfig",
  "themeCSS",
  "fontFamily",
];

addEventListener("message", async ({ source, data, ports: [port] }) => {
  if (source !== parent || !port) return;

  document.documentElement.style.colorScheme = data.isDark ? "dark" : "light";
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    secure: OURS,
    suppressErrorRendering: true,
    maxTextSize: LONGEST_SOURCE,
    theme: data.isDark ? "dark" : "neutral",
    fontFamily: "system-ui, sans-serif",
  });

  try {
    const { svg } = await mermaid.render("diagram", data.source);
    document.body.innerHTML = svg;
    tellHeight(port, document.body.firstElementChild);
  } catch {
    port.postMessage({ height: 0 });
  }
});

// Again whenever the page around it becomes wider or narrower.
function tellHeight(port, drawing) {
  new ResizeObserver(() => {
    port.postMessage({ height: drawing.getBoundingClientRect().height });
  }).observe(drawing);
}
