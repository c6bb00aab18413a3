import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../../support/app.js";

const app = await startApp();
const ada = await app.signedIn("ada");

test("the page for when there is no connection is nobody's, whoever asks for it", async () => {
  const [mine, nobodys] = [await ada.get("/offline"), await app.visitor().get("/offline")];
  assert.equal(mine.status, 200);
  assert.equal(mine.html, nobodys.html);
  assert.equal(mine.$("nav, [name=author]").length, 0);
  assert.doesNotMatch(mine.html, /ada/);
});

test("the service worker comes from the root, and is asked for anew", async () => {
  const worker = await app.visitor().get("/service-worker.js");
  assert.equal(worker.status, 200);
  assert.match(String(worker.headers.get("content-type")), /javascript/);
  assert.equal(worker.headers.get("cache-control"), "no-cache");
});

test("the manifest has what installing asks for: icons of 192 and 512 pixels, one of them to be cut", async () => {
  const page = await app.visitor().get("/login");
  const address = String(page.$("link[rel=manifest]").attr("href"));
  const { icons, ...manifest } = JSON.parse((await app.visitor().get(address)).html);
  assert.deepEqual([manifest.start_url, manifest.display], ["/", "standalone"]);

  const sizes = [];
  for (const { src, sizes: said, type, purpose } of icons) {
    const response = await fetch(new URL(src, new URL(address, app.url)));
    assert.equal(response.status, 200, src);
    assert.equal(response.headers.get("content-type"), type);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (type === "image/png") {
      assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, said, src);
      sizes.push(`${said} ${purpose}`);
    }
  }
  assert.deepEqual(sizes, ["192x192 any", "512x512 any", "512x512 maskable"]);
});
