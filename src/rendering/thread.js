// Plain JavaScript, because a thread of Node 20 reads TypeScript only by a loader of its own, where the sources are run.
import { existsSync } from "node:fs";
import { parentPort } from "node:worker_threads";

if (!existsSync(new URL("./markdown.js", import.meta.url))) {
  (await import("tsx/esm/api")).register();
}
const { renderBlocks, renderUncoloured } = await import("./markdown.js");

parentPort?.on("message", ({ text, scope, isColoured }) => {
  const render = isColoured ? renderBlocks : renderUncoloured;
  parentPort?.postMessage(render(text, scope));
});
parentPort?.postMessage("ready");
