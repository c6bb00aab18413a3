/** Answers as models write them, from a line to two pages: prose, lists, tables and code. */
export const answers: readonly string[] = [
  "Yes. `WAL` mode is kept in the file, so setting it once is enough.",

  "The capital of Australia is **Canberra**. It was chosen in 1908 as a compromise between Sydney and " +
    "Melbourne, and built from 1913 on after a plan by Walter Burley Griffin and Marion Mahony Griffin.\n\n" +
    "Sydney is the largest city, which is why it is so often taken for the capital.",

  `Dear Ms Okafor,

Thank you for your letter of the third. We are glad to hear that the first delivery arrived in good order, and
sorry that the second one did not. The carrier has confirmed that two boxes were left in Rotterdam; they will
reach you on Thursday, without any cost to you.

Could you tell us whether someone is at the warehouse after five in the afternoon? If not, we will ask for a
delivery in the morning instead.

With kind regards,
Jonas Lindqvist`,

  `A slow query nearly always has one of **four causes**. Check them in this order:

1. **There is no index** for what the query filters on. \`EXPLAIN QUERY PLAN\` says \`SCAN\` where you hoped for \`SEARCH\`.
2. **The index is not used**, since the column stands inside a function: \`WHERE lower(name) = ?\`.
3. **Too much is read.** Ask only for the columns that the page shows, and for as many rows as it has lines.
4. **It is asked too often.** Forty short queries for one page are slower than one long query.

Two hints beside these:

- Measure with a database of the size that you expect in a year.
- Look at the slowest of a hundred, not at the average.
  - The average hides exactly the people who complain.
  - The slowest of a hundred is what somebody meets every day.`,

  `Here is a small function that tries again when something fails, and waits twice as long each time:

\`\`\`ts
export async function retry<T>(work: () => Promise<T>, attempts = 3, delayMs = 200): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts) throw error;
      // Twice as long each time, and never at the same moment as everybody else.
      await new Promise((resolve) => setTimeout(resolve, delayMs * 2 ** attempt * Math.random()));
    }
  }
}
\`\`\`

You use it like this:

\`\`\`ts
const page = await retry(() => pricesOf("https://example.org"), 5);
\`\`\`

Only use it for what may safely be done **twice**. A payment that was made and whose answer got lost would be made
again; give such a request a key, so that the other side can tell.`,

  `## SQLite, PostgreSQL and MySQL compared

| | SQLite | PostgreSQL | MySQL |
|:--|:--|:--|:--|
| Runs as | a library in your process | a server | a server |
| Writers at once | one | many | many |
| Set up in | seconds | an hour | an hour |
| Backup | one file, \`.backup\` | \`pg_dump\`, base backup | \`mysqldump\` |
| Memory at rest | a few MB | about 100 MB | about 400 MB |
| Full text | FTS5 | built in | built in |

### What follows from it

For **one machine and mostly reading** SQLite is hard to beat: no network between your code and its data, and nothing
to look after. It gives that up where *many processes* write at the same time, or where the data has to be on two
machines at once.

PostgreSQL is the safe choice for everything beyond. Take MySQL if the people who operate it know it well.

> The best database is the one that you can restore at three in the morning.

Whatever you take: write a test that restores a backup, and let it run every night.`,

  `Reading a large file into memory at once is what makes your script slow. Read it in blocks:

\`\`\`python
import hashlib
from collections import Counter
from pathlib import Path


def digest(path: Path, block: int = 1 << 20) -> str:
    """Reads in blocks: a film does not fit into memory."""
    h = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(block):  # an empty read is the end
            h.update(chunk)
    return h.hexdigest()


def duplicates(folder: Path) -> dict[str, list[Path]]:
    sizes = Counter(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    found: dict[str, list[Path]] = {}
    for path in folder.rglob("*"):
        # A file whose size nobody else has is no duplicate, so it need not be read.
        if path.is_file() and sizes[path.stat().st_size] > 1:
            found.setdefault(digest(path), []).append(path)
    return {key: paths for key, paths in found.items() if len(paths) > 1}


for paths in duplicates(Path(".")).values():
    print(*paths, sep="\\n  ")
\`\`\`

What changed, and why it matters:

- **Blocks of one megabyte** keep the memory flat, however large the file is.
- **Sizes first**: in a usual folder nine files of ten have a size of their own and are never opened.
- \`rglob("*")\` also follows into hidden folders. Leave those out with \`not path.name.startswith(".")\` if you like.

On my test folder with 41,000 files this took **3.8 s instead of 94 s**. If you need it faster still, compare the first
four kilobytes before the whole file; most different files differ there already.`,

  `# A week in Lisbon with two children

You said: seven days, no car, two children of six and nine, and not too many museums. Here is a plan that leaves
an empty afternoon on every second day, because that is what saves holidays.

## Before you go

- [ ] Book the train to Sintra for a weekday; at weekends it is full.
- [ ] Buy *Viva Viagem* cards at the airport: one for each person, children from four years too.
- [ ] Pack shoes with soles that grip. The pavements are polished stone, and steep.

## The days

1. **Arrive.** Walk down from the flat to the river, eat early, sleep early.
2. **Alfama.** Tram 28 before nine o'clock (later it is a queue on rails), then the castle with its peacocks.
   - Lunch at the market below, where everybody finds something.
   - The afternoon is empty.
3. **Belém.** Ship museum, tower from outside, pastries from the famous place, since the line moves quickly.
4. **Oceanarium.** Take the whole morning; it opens at ten and is at its best while the classes are still outside.
   Afterwards the cable car, there and back.
5. **Sintra.** Leave at eight. *Quinta da Regaleira* first: caves, a well that goes down like a tower, stepping stones.
   Skip the palace on the hill if the little one is tired.
6. **Beach.** Train to Carcavelos, forty minutes. Lifeguards, showers, ice cream.
7. **Nothing.** Whatever was best, once more.

## What it costs

| What | Two adults | Two children | Sum |
|:--|--:|--:|--:|
| Transport for the week | 42 € | 21 € | **63 €** |
| Oceanarium | 50 € | 30 € | **80 €** |
| Castle | 30 € | 0 € | **30 €** |
| Quinta da Regaleira | 24 € | 14 € | **38 €** |
| Train to Sintra and the beach | 18 € | 9 € | **27 €** |
| Together | 164 € | 74 € | **238 €** |

Prices change, so look at [the city's own page](https://example.org/lisbon) before you book. Food comes on top: about
70 € a day if you cook once and eat out once.

### If it rains

The *Pavilhão do Conhecimento* is a science museum in which everything may be touched. It stands beside the oceanarium;
do one on the fourth day and keep the other for the rain.

One last thing: **ask the children for one wish each**, now, before the plan is full. The days that they chose
themselves are the ones that they will talk about.`,

  `### 快速排序

**快速排序**（Quick Sort）是一种*分治*算法，平均时间复杂度为 \`O(n log n)\`。

1. **选择基准**：从数组中选一个元素；
2. **分区**：小于基准的放左边，大于的放右边；
3. **递归**：对左右两部分重复。

\`\`\`python
def quick_sort(a: list[int]) -> list[int]:
    if len(a) <= 1:
        return a
    return quick_sort([x for x in a[1:] if x < a[0]]) + [a[0]] + quick_sort([x for x in a[1:] if x >= a[0]])
\`\`\`

| 算法 | 平均 | 最坏 |
|---|---|---|
| 快速排序 | n log n | n² |
| 归并排序 | n log n | n log n |`,
];

/** What people ask, from three words to a pasted text. */
export const questions: readonly string[] = [
  "And in SQLite?",
  "What is the capital of Australia?",
  "Can you make it shorter, please, and friendlier?",
  "Why is my query so slow? It was fine last month, and nothing has changed except that there are more rows now.",
  "Write a function that retries a request when it fails. TypeScript, no dependencies.",
  "Compare SQLite, PostgreSQL and MySQL for a small web application in a table, then tell me which one to take and why.",
  "Plan a week in Lisbon for a family with two children of six and nine. No car, not too many museums, and please say what it costs.",
  "This script runs out of memory on a folder with films. What would you change?\n\n" +
    "import hashlib, os\n\nseen = {}\nfor root, dirs, files in os.walk('.'):\n    for name in files:\n" +
    "        path = os.path.join(root, name)\n        data = open(path, 'rb').read()\n" +
    "        key = hashlib.sha256(data).hexdigest()\n        if key in seen:\n            print(path, seen[key])\n" +
    "        seen[key] = path\n",
  "用中文解释一下快速排序，并给出代码。",
];
