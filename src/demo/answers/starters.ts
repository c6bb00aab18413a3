import { type Asked, fence, lines, paragraphs, pick, type Topic, words } from "./topic.js";

/** Said first by what looks most like a real answer. */
function byHeart(variant: number): string {
  return pick(variant, [
    "*This one I know by heart: people wrote it for the demo, and I recite it.*",
    "*Recited, not thought: the text was written by people, for the demo.*",
  ]);
}

const databases: Topic = {
  name: "three databases in a table",
  finds: words(/\bsqlite\b.{0,60}\bpostgres\w*\b.{0,60}\bmysql\b/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      byHeart(variant),
      lines(
        "| | SQLite | PostgreSQL | MySQL |",
        "| --- | --- | --- | --- |",
        "| **Setup** | None: a library and one file | A server with users and a configuration | A server with users and a configuration |",
        "| **Backups** | One consistent copy, with `VACUUM INTO` or the backup API | `pg_dump`, or base backups and the log | `mysqldump`, or base backups and the log |",
        "| **Many writers at once** | One at a time; the others wait, usually for milliseconds | Yes, row by row | Yes, row by row (InnoDB) |",
        "| **Limits** | One machine; the disk must be local | More to run, to watch and to upgrade | The same, with fewer kinds of index and type |",
      ),
      "For a small web application on one server I would take **SQLite**, because there is nothing to run beside it and a page rarely has to wait for more than a disk. As soon as several machines have to write, take **PostgreSQL**.",
    ),
};

const DUPLICATES = String.raw`
"""Finds files with the same content. Usage: python3 duplicates.py FOLDER"""

import hashlib
import os
import sys
from collections import defaultdict
from pathlib import Path


def files_in(folder):
    # os.walk does not follow links to folders, so a circle of them cannot trap it.
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            # A link to a file is not a second copy of it.
            if path.is_file() and not path.is_symlink():
                yield path


def digest(path):
    sha = hashlib.sha256()
    with open(path, "rb") as file:
        # In pieces: a film of 8 GB must not become 8 GB of memory.
        while piece := file.read(1 << 20):
            sha.update(piece)
    return sha.digest()


def alike(paths, key):
    groups = defaultdict(list)
    for path in paths:
        try:
            groups[key(path)].append(path)
        except OSError as error:
            # A file that has just vanished, or may not be read, is no reason to stop.
            print(f"skipped {path}: {error.strerror}", file=sys.stderr)
    return [group for group in groups.values() if len(group) > 1]


def duplicates(folder):
    # Only files of the same size can be the same, so most are never read.
    for same_size in alike(files_in(folder), lambda path: path.stat().st_size):
        yield from alike(same_size, digest)


for group in duplicates(sys.argv[1] if len(sys.argv) > 1 else "."):
    print(*group, sep="\n", end="\n\n")`;

const duplicateFiles: Topic = {
  name: "a Python script that finds duplicate files",
  finds: words(/\bpython\b.{0,60}\bduplicate files\b|\bduplicate files\b.{0,60}\bpython\b/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      byHeart(variant),
      fence("python", DUPLICATES),
      "Save it as `duplicates.py`, and run it with Python 3.8 or newer:",
      fence("sh", "python3 duplicates.py ~/Pictures"),
      "It only prints: each group of equal files, with a blank line after it. Empty files are equal, too, so they make a group. Deleting is left to you.",
    ),
};

const blueSky: Topic = {
  name: "why the sky is blue",
  finds: words(/\bsky\b.{0,30}\bblue\b|\bsunsets?\b.{0,30}\bred\b/i),
  say: ({ variant }: Asked) =>
    paragraphs(
      byHeart(variant),
      "**For a child.** Sunlight is made of all the colours of the rainbow, and the air throws the blue around much more than the red, so blue comes to you from everywhere. In the evening the light has such a long way through the air that the blue gets lost on the way, and the red is what arrives.",
      "**For a curious adult.** The molecules of the air are far smaller than the wavelength of light. Things so small scatter short waves much more strongly than long ones: by the fourth power, as Lord Rayleigh found, so that blue light is scattered about four times as much as red. Look anywhere but at the sun, and what you see is light that was scattered towards you. Violet is scattered even more, but there is less of it in sunlight, the upper air swallows a part, and our eyes are less sensitive to it; what is left looks blue.",
      "When the sun is low, its light crosses up to forty times as much air as at noon. On that way the blue is scattered out of the beam, towards people for whom it is still day, and orange and red are left over. Clouds catch this light from below. Fine dust and smoke, which are also small, deepen the colour; the larger drops of fog scatter every colour alike, which is why fog is white.",
    ),
};

/** The questions that the greeting offers, in full. */
export const starters: readonly Topic[] = [databases, duplicateFiles, blueSky];
