import test from "node:test";
test("fine", () => {});
test("hangs", async () => { await new Promise(() => setInterval(() => {}, 1000)); });
