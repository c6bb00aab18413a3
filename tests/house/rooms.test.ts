import assert from "node:assert/strict";
import { test } from "node:test";
import { exceptions, packages, rooms } from "./rooms.js";
import { filesIn, importsOf, packagesOf } from "./sources.js";

const files = [...filesIn("src", ".ts"), ...filesIn("prisma", ".ts")];

// A room is a folder of src, a file beside them, or prisma/.
function roomOf(file: string): string {
  const [top = "", room = ""] = file.split("/");
  return top === "src" ? room.replace(/\.ts$/, "") : top;
}

function mayUse(file: string, room: string): boolean {
  const beyond = Object.entries(exceptions).filter(([prefix]) => file.startsWith(prefix));
  const allowed = [roomOf(file), rooms[roomOf(file)] ?? [], beyond.map(([, more]) => more)];
  return allowed.flat(2).includes(room);
}

test("every file lives in a room that the floor plan knows", () => {
  const known = [...Object.keys(rooms), "server"];
  assert.deepEqual(
    files.filter((file) => !known.includes(roomOf(file))),
    [],
  );
});

test("every import stays within what its room may use", () => {
  const trespasses = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !mayUse(file, roomOf(target)))
      .map((target) => `${file} may not import ${target}: see src/README.md`),
  );
  assert.deepEqual(trespasses, []);
});

test("every package stays in the rooms that may use it", () => {
  const trespasses = files.flatMap((file) => {
    const allowed = packages[roomOf(file)];
    const foreign = packagesOf(file).filter((name) => !allowed?.some((like) => like.test(name)));
    return allowed ? foreign.map((name) => `${file} may not import ${name}`) : [];
  });
  assert.deepEqual(trespasses, []);
});

test("a route uses no other route, but for the page that its own shelf shares", () => {
  const trespasses = filesIn("src/routes", ".ts")
    .filter((file) => file !== "src/routes/index.ts")
    .flatMap((file) => {
      const shared = `${file.slice(0, file.lastIndexOf("/"))}/conversation-page.ts`;
      const routes = importsOf(file).filter((target) => target.startsWith("src/routes/"));
      return routes.filter((target) => target !== shared).map((target) => `${file} -> ${target}`);
    });
  assert.deepEqual(trespasses, []);
});

test("no models import each other in a circle", () => {
  for (const file of filesIn("src/models", ".ts")) {
    assert.ok(!reachable(file, "src/models/").has(file), `${file} comes back to itself`);
  }
});

function reachable(file: string, within: string, seen = new Set<string>()): Set<string> {
  for (const target of importsOf(file)) {
    if (!target.startsWith(within) || seen.has(target)) continue;
    seen.add(target);
    reachable(target, within, seen);
  }
  return seen;
}
