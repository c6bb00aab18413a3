import assert from "node:assert/strict";

/** A metric as Prometheus reads it: its type, and each of its series with its value. */
export interface Family {
  type: string;
  help: string;
  samples: Sample[];
}

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const SUFFIXES: Record<string, readonly string[]> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** Reads Prometheus' text format 0.0.4, and refuses whatever Prometheus would refuse. */
export function parseExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current = "";

  assert.ok(text.endsWith("\n"), "the last line has to end");
  for (const line of text.split("\n").filter((one) => one !== "")) {
    const [, keyword, name = "", rest = ""] = /^# (HELP|TYPE) ([^ ]+) ?(.*)$/.exec(line) ?? [];

    if (keyword === "HELP") {
      assert.ok(!families.has(name), `${name} is there twice`);
      families.set(name, { type: "", help: rest, samples: [] });
      current = name;
    } else if (keyword === "TYPE") {
      assert.equal(name, current, line);
      assert.ok(rest in SUFFIXES, line);
      familyOf(families, name).type = rest;
    } else {
      const sample = sampleIn(line);
      const family = familyOf(families, current);
      const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
      const allowed = (SUFFIXES[family.type] ?? []).map((suffix) => current + suffix);
      assert.ok(allowed.includes(sample.name), `${line} stands under ${current}`);
      assert.ok(!seen.has(key), `${line} is there twice`);
      seen.add(key);
      family.samples.push(sample);
    }
  }

  for (const [name, family] of families)
    if (family.type === "histogram") checkBuckets(name, family);
  return families;
}

function familyOf(families: Map<string, Family>, name: string): Family {
  const family = families.get(name);
  assert.ok(family, `${name} has no HELP`);
  return family;
}

function sampleIn(line: string): Sample {
  const [, name = "", list = "", number = ""] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...list.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g)];
  const value = number === "+Inf" ? Number.POSITIVE_INFINITY : Number(number);

  assert.notEqual(name, "", line);
  assert.equal(pairs.map(([pair]) => pair).join(""), list, line);
  assert.ok(/^nan$/i.test(number) || !Number.isNaN(value), line);
  return { name, value, labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])) };
}

// Cumulative, ascending, and the last is all of them.
function checkBuckets(name: string, { samples }: Family) {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le, ...rest } = sample.labels;
    const key = JSON.stringify(rest);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }

  for (const group of groups.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels.le?.replace("+Inf", "Infinity")));
    const counts = buckets.map(({ value }) => value);
    const total = group.find((sample) => sample.name === `${name}_count`)?.value;
    assert.deepEqual(
      bounds,
      bounds.toSorted((a, b) => a - b),
      name,
    );
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => a - b),
      name,
    );
    assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY, name);
    assert.equal(counts.at(-1), total, name);
  }
}
