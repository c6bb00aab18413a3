// Keeps one page, for when the server cannot be reached, and what that page is drawn with. Nothing else: no page of
// anybody's is ever in here.
const CACHE = "aifacade-offline";
const PAGE = "/offline";

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(registration.navigationPreload?.enable()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(online(event).catch(() => kept(PAGE)));
  } else if (pathname.startsWith("/assets/") && request.mode !== "navigate") {
    event.respondWith(fetch(request).catch(() => kept(request)));
  }
});
async function online({ request, preloadResponse }) {
  return (await preloadResponse) ?? fetch(request);
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? Response.error();
}

async function keep() {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE, { credentials: "omit" });
  const assets = (await page.clone().text()).match(/\/assets\/[^"#]+\.(?:css|svg)/g);
  await Promise.all([cache.put(PAGE, page), cache.addAll(new Set(assets))]);
  skipWaiting();
}
