import { spawn } from "node:child_process";
import { once } from "node:events";
import { built, root } from "./root.js";

/** The command line as an administrator uses it, with these settings and no others. */
export async function runTask(
  settings: Record<string, string>,
  ...words: string[]
): Promise<{ code: number; output: string }> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...built("src/tasks/run"), ...words], {
    cwd: root,
    env: { PATH, HOME, NODE_ENV: "test", ...settings },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });

  const [code] = await once(child, "close");
  return { code, output };
}
