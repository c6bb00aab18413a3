import assert from "node:assert/strict";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";

// No proxy in front: what a client says about its address is hearsay.
const app = await startApp({ RATE_LIMITS: "on", LIMIT_LOGINS_PER_15_MINUTES: "8" });

test("a client that invents an address for each attempt stays one client", async () => {
  const statuses = [];
  for (let count = 0; count < 9; count += 1) {
    const headers = {
      "X-Forwarded-For": `192.0.2.${count}`,
      "X-Real-IP": `192.0.2.${count}`,
      Forwarded: `for=192.0.2.${count}`,
      "CF-Connecting-IP": `192.0.2.${count}`,
      "True-Client-IP": `192.0.2.${count}`,
    };
    const fields = { username: `nobody ${count}`, password: PASSWORD };
    statuses.push((await app.visitor().post("/login", fields, headers)).status);
  }
  assert.deepEqual(statuses, [...Array(8).fill(401), 429]);
});
