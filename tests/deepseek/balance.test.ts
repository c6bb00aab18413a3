import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { readBalance } from "../../src/deepseek/balance.js";
import * as scenario from "../support/fake-deepseek.js";
import { client, fake, KEY, never } from "./support.js";

const { balance } = fake;
afterEach(() => {
  fake.balance = balance;
});

for (const base of ["", "/v1", "/beta/"]) {
  test(`the balance is asked for beside ${base || "the bare address"}`, async () => {
    const told = await client({ baseUrl: fake.url + base }).balance({ signal: never() });
    assert.deepEqual(told, { isAvailable: true, amounts: [{ currency: "USD", total: "110.00" }] });
    assert.equal(fake.balanceRequests[0]?.path, "/user/balance");
    assert.equal(fake.balanceRequests[0]?.headers.authorization, `Bearer ${KEY}`);
  });
}

test("amounts that are none are left out, whatever else is said", () => {
  const amounts = [
    { currency: "CNY", total_balance: "-0.50" },
    { currency: "USD", total_balance: 12 },
    { currency: "USD", total_balance: "1e9" },
    { currency: "<b>", total_balance: "1" },
    { total_balance: "1" },
    null,
  ];
  assert.deepEqual(readBalance({ is_available: false, balance_infos: amounts }), {
    isAvailable: false,
    amounts: [{ currency: "CNY", total: "-0.50" }],
  });
});

for (const body of ["<html>", "7", "{}", `{"balance_infos":"x"}`]) {
  test(`${body} is no balance`, async () => {
    fake.balance = scenario.status(200, body);
    await assert.rejects(client().balance({ signal: never() }), { kind: "protocol" });
  });
}

test("a wrong key is unauthorized", async () => {
  fake.balance = scenario.status(401);
  await assert.rejects(client().balance({ signal: never() }), { kind: "unauthorized" });
});
