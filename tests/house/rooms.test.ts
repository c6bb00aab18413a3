import assert from "node:assert/strict";
import { test } from "node:test";
import { exceptions, packages, rooms } from "./rooms.js";
import { code, filesIn, importsOf, packagesOf, read } from "./sources.js";

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

test("the table in src/README.md says who may use whom as it is held here", () => {
  const held = [...Object.entries(rooms), ...Object.entries(exceptions)];
  const plan = held.map(([place, uses]) => [placeName(place), [...uses].sort()]);

  assert.deepEqual(Object.fromEntries(tableRows().flatMap(usesIn)), Object.fromEntries(plan));
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

test("a route uses no other route, only what its own shelf shares", () => {
  const trespasses = filesIn("src/routes", ".ts")
    .filter((file) => file !== "src/routes/index.ts")
    .flatMap((file) => {
      const shelf = file.slice(0, file.lastIndexOf("/") + 1);
      const targets = importsOf(file).filter((target) => target.startsWith("src/routes/"));
      return targets
        .filter((target) => !target.startsWith(shelf) || code(target).includes("Router("))
        .map((target) => `${file} -> ${target}`);
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

function placeName(place: string): string {
  return place.replace(/^src\//, "").replace(/\.ts$|\/$/, "");
}

function tableRows(): string[][] {
  const [, rows = ""] = /\| may use \|\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(read("src/README.md")) ?? [];
  return rows
    .trim()
    .split("\n")
    .map((row) => row.slice(2, -2).split(" | "));
}

type Uses = [place: string, rooms: string[]];

// "`routes/`" with "lib, errors; `ops/` also stores", or "`config.ts`, `errors.ts`" with "nothing of ours".
function usesIn(row: string[]): Uses[] {
  const [list = "", beyond = ""] = (row.at(-1) ?? "").split("; ");
  const places = [...(row[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => placeName(name));
  const shelves = [...beyond.matchAll(/`(.+?)(?:\/|\.ts)` also (.+)/g)];

  return [
    ...places.map((place): Uses => [place, roomsIn(list)]),
    ...shelves.map(([, shelf, more = ""]): Uses => [`${places[0]}/${shelf}`, roomsIn(more)]),
  ];
}

function roomsIn(list: string): string[] {
  if (list === "all") return Object.keys(rooms).sort();
  if (list === "nothing of ours") return [];
  return list
    .split(", ")
    .map((name) => name.replace(/^`(.+)\/.*`$/, "$1"))
    .sort();
}
