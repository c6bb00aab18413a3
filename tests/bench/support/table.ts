/** One figure of the table. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  /** Figures behind the point. */
  digits?: number;
  /** What it was compared with in the same minute. */
  ratio?: { to: string; value: number };
  goal?: number;
  stretch?: number;
  better?: "less" | "more";
  note?: string;
}

type Cells = [
  what: string,
  figure: string,
  ratio: string,
  goal: string,
  stretch: string,
  mark: string,
];

const HEAD: Cells = ["measure", "figure", "ratio", "goal", "stretch", ""];

export function printRows(rows: readonly Row[]) {
  for (const row of rows) {
    const [what, figure, ratio, goal, stretch, mark] = cellsOf(row);
    const wanted = [goal && `goal ${goal}`, stretch && `stretch ${stretch}`].filter(Boolean);
    console.log(
      `${mark.padEnd(3)}${what.padEnd(66)} ${figure.padStart(14)}  ${ratio.padEnd(38)} ${wanted.join(", ")}`,
    );
  }
}

export function markdownTable(rows: readonly Row[]): string {
  const lines = [HEAD, HEAD.map(() => "---"), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What a goal or its stretch is worth: ✔✔ stretch, ✔ goal, ✘ missed, nothing where there is none. */
export function markOf(row: Row): string {
  if (reaches(row, row.stretch)) return "✔✔";
  if (reaches(row, row.goal)) return "✔";
  return row.goal === undefined && row.stretch === undefined ? "" : "✘";
}

function reaches({ value, better = "less" }: Row, wanted: number | undefined): boolean {
  if (wanted === undefined) return false;
  return better === "less" ? value <= wanted : value >= wanted;
}

function cellsOf(row: Row): Cells {
  const { what, note, ratio, goal, stretch } = row;
  const ratioText = ratio ? `${ratio.value.toFixed(2)} of ${ratio.to}` : "";
  return [
    note ? `${what} (${note})` : what,
    figure(row, row.value),
    ratioText,
    wanted(row, goal),
    wanted(row, stretch),
    markOf(row),
  ];
}

function wanted(row: Row, value: number | undefined): string {
  return value === undefined
    ? ""
    : figure({ ...row, digits: Number.isInteger(value) ? 0 : 2 }, value);
}

function figure({ unit, digits = 0 }: Row, value: number): string {
  const number = value.toLocaleString("en", {
    minimumFractionDigits: Number.isInteger(value) ? 0 : digits,
    maximumFractionDigits: Math.max(digits, Number.isInteger(value) ? 0 : digits),
  });
  return unit === "" ? number : `${number} ${unit}`;
}
