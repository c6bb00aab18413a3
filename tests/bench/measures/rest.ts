import { setTimeout as wait } from "node:timers/promises";
import { bareResidentMb } from "../calibration/start.js";
import type { Measure } from "../measure.js";
import { prepare } from "../support/database.js";
import { median } from "../support/numbers.js";
import { RESTED_MS } from "../support/process.js";
import { startServer } from "../support/server.js";
import type { Row } from "../support/table.js";

const ROUNDS = 3;

/** What the server holds while nobody is there. */
export const rest: Measure = {
  name: "rest",
  about: "memory at rest",
  run: async (): Promise<Row[]> => {
    const ours: number[] = [];
    const bare: number[] = [];
    const prepared = prepare();

    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await bareResidentMb(RESTED_MS));
      const server = await startServer("http://127.0.0.1:9", prepared);
      await wait(RESTED_MS);
      ours.push(server.use().residentMb);
      await server.stop();
    }

    return [
      {
        what: "memory at rest",
        ...{ value: median(ours), unit: "MB", goal: 150, stretch: 110 },
        ratio: {
          to: `a bare Express server's ${Math.round(median(bare))} MB`,
          value: median(ours) / median(bare),
        },
      },
    ];
  },
};
