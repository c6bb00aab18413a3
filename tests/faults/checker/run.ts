// npm run test:checker -- --minutes 60 --seed 17
// npm run test:checker -- --kills 200
import { parseArgs } from "node:util";
import { trial } from "./trial.js";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    kills: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

const seed = Number(values.seed);
console.log(`seed ${seed}`);

const startedAt = performance.now();
const verdict = await trial({
  seed,
  seconds: Number(values.minutes) * 60,
  kills: Number(values.kills ?? 0),
  onNews: console.log,
});

const figures = Object.entries(verdict.figures).map(([name, figure]) => `${name} ${figure}`);
console.log(`${Math.round((performance.now() - startedAt) / 1000)} s: ${figures.join(", ")}`);
for (const { promise, what } of verdict.violations) console.log(`✖ ${promise}: ${what}`);
console.log(`${verdict.violations.length} violations, seed ${seed}`);
if (verdict.folder) console.log(`The log and the database are in ${verdict.folder}`);
process.exitCode = verdict.violations.length > 0 ? 1 : 0;
