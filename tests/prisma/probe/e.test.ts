import test from "node:test";
test("leaks", async () => { setInterval(() => {}, 1000) });
