import test from "node:test";
test("spins", async () => { for (;;); });
