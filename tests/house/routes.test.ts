import assert from "node:assert/strict";
import { test } from "node:test";
import { startApp } from "../support/app.js";
import { send } from "../support/raw.js";
import { guards, routesFor } from "./routes.js";
import { code, filesIn, importsOf } from "./sources.js";

const app = await startApp();
const ada = await app.signedIn("ada");
const member = await app.signedIn("grace");

// The session is the browser's; the site it stands on is ours.
const OURS = { Origin: app.url };

test("every file in src/routes is mounted", () => {
  const roots = ["src/routes/index.ts", "src/app.ts"];
  const mounted = roots.flatMap(importsOf);
  const shared = mounted.flatMap((file) => (file.startsWith("src/routes/") ? importsOf(file) : []));

  for (const file of filesIn("src/routes", ".ts")) {
    assert.ok([...roots, ...mounted, ...shared].includes(file), `${file} is mounted nowhere`);
  }
});

test("the table of guards has every route that the code has, and no other", () => {
  assert.deepEqual(declaredRoutes(), Object.keys(guards).sort());
});

for (const { method, path } of routesFor("user", "administrator")) {
  test(`nobody reaches ${method} ${path} without logging in`, async () => {
    const visitor = app.visitor();
    const page = await visitor.request(path, { method, headers: OURS });
    const json = await visitor.request(path, {
      method,
      headers: { ...OURS, Accept: "application/json" },
    });

    if (method === "GET") assert.match(`${page.status} ${page.location}`, /^303 \/login/);
    else assert.equal(page.status, 401);
    assert.equal(json.status, 401);
    assert.equal(json.headers.get("cache-control"), "no-store");
  });
}

for (const { method, path } of routesFor("administrator")) {
  test(`who is no administrator is refused ${method} ${path}`, async () => {
    const page = await member.request(path, { method, headers: OURS });
    assert.equal(page.status, 403);
    assert.match(page.html, /Only administrators/);
  });
}

for (const { method, path } of routesFor("nobody")) {
  test(`whoever is logged in is sent from ${method} ${path} to the chat`, async () => {
    const page = await ada.request(path, { method, headers: OURS });
    assert.equal(`${page.status} ${page.location}`, "303 /");
  });
}

// What reads as another address, or as another verb, must not read as a way around the guard.
const DETOURS: ((path: string) => [string, Record<string, string>?])[] = [
  (path) => [path.toUpperCase()],
  (path) => [`${path}/`],
  (path) => [`/${path}`],
  (path) => [`/.${path}`],
  (path) => [`/login/..${path}`],
  (path) => [path.replace(/\/(\w)/, (_, letter) => `/%${letter.charCodeAt(0).toString(16)}`)],
  (path) => [`/%2e${path}`],
  (path) => [`${path};a=b`],
  (path) => [`${path}.json`],
  (path) => [`${path}%00`],
  (path) => [`${path}?_method=GET`],
  (path) => [path, { "X-HTTP-Method-Override": "HEAD" }],
  (path) => [path, { "X-Original-URL": "/login" }],
  (path) => [path, { "X-Rewrite-URL": "/healthz" }],
  (path) => [path, { "X-Forwarded-Prefix": "/login" }],
];

for (const { path } of routesFor("user", "administrator").filter(
  ({ method }) => method === "GET",
)) {
  test(`no spelling of ${path} leads around the login`, async () => {
    for (const detour of DETOURS) {
      const [spelling, headers] = detour(path);
      for (const method of ["GET", "HEAD"]) {
        const { status } = await send(app.url, spelling, { method, headers });
        assert.ok([303, 400, 401, 404].includes(status), `${method} ${spelling}: ${status}`);
      }
    }
  });
}

for (const { method, path } of routesFor("administrator", "user", "nobody", "anybody")) {
  test(`another site gets no leave to ask for ${method} ${path}`, async () => {
    const { headers } = await send(app.url, path, {
      method: "OPTIONS",
      headers: { Origin: "https://evil.example", "Access-Control-Request-Method": method },
    });
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith("access-control-")),
      [],
    );
  });
}

const TRUST_HEADERS = `remote-user remote-addr authorization x-user x-user-id x-user-name x-username
  x-auth-user x-authenticated-user x-forwarded-user x-forwarded-email x-forwarded-groups
  x-forwarded-preferred-username x-remote-user x-webauth-user x-admin x-administrator x-role x-roles
  x-is-admin x-internal x-internal-request x-request-from x-real-ip x-client-ip x-original-user
  x-api-key api-key x-session-id x-access-token x-token x-impersonate x-sudo x-tenant-id
  x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-prefix x-ms-client-principal-name
  cf-access-authenticated-user-email x-goog-authenticated-user-email`.split(/\s+/);

test("no header makes somebody of nobody, or somebody else of somebody", async () => {
  for (const header of TRUST_HEADERS) {
    for (const value of ["ada", "grace", "true", "127.0.0.1", "evil.example"]) {
      const page = await app.visitor().get("/account", { [header]: value });
      assert.equal(page.location, "/login?next=%2Faccount", `${header}: ${value}`);
    }
    const account = await ada.get("/account", { [header]: "grace" });
    assert.match(account.words(".settings__who"), /^ada\b/, header);
    assert.doesNotMatch(account.html, /evil\.example/);
  }
});

// Read from the code, because a router does not tell the paths it was given.
function declaredRoutes(): string[] {
  const mounts = [...code("src/routes/index.ts").matchAll(/\bmount\(([\s\S]*?)\);/g)];
  const mounted = mounts.flatMap(([, list = ""]) => {
    const paths = [...list.matchAll(/"(\/[^"]*)"/g)].map(([, path = ""]) => path);
    const router = /(\w+Routes)$/.exec(list)?.[1] ?? "";
    return paths.flatMap((path) => routesOf(router, path));
  });

  return [
    ...mounted,
    ...["healthRoutes", "metricsRoutes", "offlineRoutes"].flatMap((name) => routesOf(name, "")),
  ].sort();
}

function routesOf(router: string, mount: string): string[] {
  const declaration = new RegExp(`\\b${router}\\.(get|post|put|patch|delete)\\(\\s*"([^"]+)"`, "g");
  const sources = filesIn("src/routes", ".ts").map(code).join("\n");

  return [...sources.matchAll(declaration)].map(([, verb = "", path = ""]) => {
    const whole = `${mount === "/" ? "" : mount}${path === "/" ? "" : path}`;
    return `${verb.toUpperCase()} ${whole || "/"}`;
  });
}
