import hljs from "highlight.js/lib/common";

const EXTENSIONS: Record<string, string> = {
  bash: "sh",
  c: "c",
  cpp: "cpp",
  csharp: "cs",
  css: "css",
  diff: "diff",
  go: "go",
  graphql: "graphql",
  ini: "ini",
  java: "java",
  javascript: "js",
  json: "json",
  kotlin: "kt",
  less: "less",
  lua: "lua",
  makefile: "mk",
  markdown: "md",
  objectivec: "m",
  perl: "pl",
  php: "php",
  python: "py",
  r: "r",
  ruby: "rb",
  rust: "rs",
  scss: "scss",
  shell: "sh",
  sql: "sql",
  swift: "swift",
  typescript: "ts",
  vbnet: "vb",
  xml: "xml",
  yaml: "yaml",
};
// Other names for one of them, which a file has too.
const OWN = new Set(["cjs", "html", "jsx", "mjs", "plist", "svg", "toml", "tsx", "xsd", "xsl"]);

const byGrammar = new Map(
  Object.entries(EXTENSIONS).map(([language, extension]) => [
    hljs.getLanguage(language),
    extension,
  ]),
);

/** How the name of a file in this language ends; the language is a name that highlight.js knows, or any other. */
export function extensionOf(language: string): string {
  if (OWN.has(language)) return language;
  return byGrammar.get(hljs.getLanguage(language)) ?? "txt";
}
