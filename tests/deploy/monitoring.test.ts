import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { read } from "../house/sources.js";
import { type Family, parseExposition } from "../support/exposition.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { pathOf, without } from "../support/programs.js";
import { root } from "../support/root.js";
import { startServer } from "../support/server.js";

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own way to name a variable
const SOURCE = "${datasource}";
const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-monitoring-"));
const fake = await startFakeDeepSeek();
after(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

const server = await startServer({
  DATABASE_URL: `file:${folder}/test.db`,
  DEEPSEEK_BASE_URL: fake.url,
});
await server.visitor().get("/login");
const told = (await server.visitor().get("/metrics")).html;
const families = parseExposition(told);

interface Panel {
  type: string;
  title: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}

const dashboard = JSON.parse(read("deploy/grafana-dashboard.json")) as {
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
};
const panels = dashboard.panels.filter(({ type }) => type !== "row");
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const rules = read("deploy/alerts.yml");

/** Every metric named in a text, without what Prometheus adds to a histogram's name. */
function metricsIn(text: string): string[] {
  return [...text.matchAll(/\b(?:aifacade|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => {
    const base = name.replace(/_(?:bucket|sum|count)$/, "");
    return families.get(base)?.type === "histogram" || families.get(base)?.type === "summary"
      ? base
      : name;
  });
}

function labelsOf(name: string): readonly string[] {
  const { samples } = families.get(name) as Family;
  return samples.flatMap(({ labels }) => Object.keys(labels));
}

test("every metric that the dashboard and the alerts ask for exists", () => {
  const asked = [
    ...queries,
    rules,
    ...dashboard.templating.list.map((one) => one.definition ?? ""),
  ];
  const names = new Set(asked.flatMap(metricsIn));

  assert.ok(names.size > 20);
  assert.deepEqual(
    [...names].filter((name) => !families.has(name)),
    [],
  );
});

test("the dashboard can be imported anywhere: its source is a variable, and no panel covers another", () => {
  assert.equal(dashboard.templating.list[0]?.type, "datasource");
  for (const { title, datasource, targets = [] } of panels) {
    assert.equal(datasource?.uid, SOURCE, title);
    assert.ok(targets.length > 0, title);
    for (const target of targets) assert.equal(target.datasource.uid, datasource?.uid, title);
  }
  for (const [index, { gridPos: a, title }] of dashboard.panels.entries()) {
    assert.ok(a.x + a.w <= 24, title);
    for (const { gridPos: b } of dashboard.panels.slice(index + 1)) {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      assert.ok(apart, title);
    }
  }
});

test("requests are told apart by the labels that the dashboard sorts them by", async () => {
  const labels = labelsOf("aifacade_http_request_duration_seconds");
  for (const name of ["route", "status", "le"]) assert.ok(labels.includes(name), name);
  assert.ok(labelsOf("aifacade_security_events_total").includes("event"));
});

const skip = without("promtool");

function promtool(args: string[], input?: string) {
  return spawnSync(pathOf("promtool") ?? "", args, {
    cwd: path.join(root, "deploy"),
    encoding: "utf8",
    input,
  });
}

test("Prometheus itself reads what the server tells", { skip }, () => {
  const { status, stderr } = promtool(["check", "metrics"], told);
  // Its taste in names goes against some of prom-client's own; an error is something else.
  const complaints = stderr
    .split("\n")
    .filter((line) => line.startsWith("aifacade_") || /error/i.test(line));
  assert.deepEqual(complaints, []);
  assert.ok(status === 0 || status === 3, stderr);
});

test("Prometheus itself reads the example and its alerts", { skip }, () => {
  const { status, stdout, stderr } = promtool([
    "check",
    "config",
    "--syntax-only",
    "prometheus.yml",
  ]);
  assert.equal(status, 0, stdout + stderr);
  const checked = promtool(["check", "rules", "alerts.yml"]);
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
});

test("Prometheus itself understands every query of the dashboard", { skip }, () => {
  const file = path.join(folder, "queries.json");
  const asked = queries.map((expr, index) => ({
    record: `query:${index}`,
    expr: expr.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".*"),
  }));
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules: asked }] }));

  const { status, stdout, stderr } = promtool(["check", "rules", file]);
  assert.equal(status, 0, stdout + stderr);
});
