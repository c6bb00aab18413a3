import test, {describe, it, before} from "node:test";
test("good", () => {});
test("bad", () => { throw new Error("x") });
test("parent", async (t) => { await t.test("child ok", () => {}); await t.test("child bad", () => { throw new Error("y") }); });
test("skipped", { skip: "because" }, () => {});
describe("suite hook", () => { before(() => { throw new Error("hook") }); it("inner", () => {}); });
describe("suite ok", () => { it("inner2", () => {}); });
console.log("hello from a test");
