import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { PASSWORD } from "../../support/app.js";
import * as scenario from "../../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../../support/fake-deepseek.js";
import { look, question, startBench } from "../../support/faults.js";
import { without } from "../../support/programs.js";

const OURS = "10.213.77.1";
const THEIRS = "10.213.77.2";
// Names of interfaces are for the whole machine, and have 15 characters at most.
const WIRE = `aif${process.pid}`;

const skip =
  process.getuid?.() === 0 ? without("ip", "iptables") : "only root can make a network of its own";

test("a network that loses packets", { skip }, async (group) => {
  const pid = { ofServer: 0 };
  const meanwhile = async (child: ChildProcess) => {
    pid.ofServer = child.pid ?? 0;
    await plugIn(pid.ofServer);
  };
  const inside = (...command: string[]) =>
    run("nsenter", "-t", String(pid.ofServer), "-n", ...command);

  layWire();
  const fake = await startFakeDeepSeek({ host: OURS });
  after(() => fake.close());
  const bench = await startBench({
    fake,
    settings: { HOST: THEIRS },
    start: { through: ["unshare", "-n"], meanwhile },
  });
  const ada = bench.server.visitor();
  const setupToken = /registered: (\S+)/.exec(bench.server.output())?.[1] ?? "";
  await ada.post("/register", { username: "ada", password: PASSWORD, setupToken });

  const { port } = new URL(fake.url);
  const fromUpstream = ["INPUT", "-p", "tcp", "-s", OURS, "--sport", port];
  await group.test("F-22 packets from the upstream are dropped", async () => {
    const content = "word ".repeat(400);
    const prompt = question(
      `dropped ${fake.directive(scenario.answer({ reasoning: "", content, tokenMs: 20 }))}`,
    );
    const path = await ada.ask(prompt);
    await pause(1000);
    inside("iptables", "-A", ...fromUpstream, "-j", "DROP");
    const seen = await look(bench, ada, path, prompt).finally(() => inside("iptables", "-F"));

    assert.deepEqual([seen.row.state, seen.row.failure], ["interrupted", "stalled"]);
    assert.ok(content.startsWith(String(seen.row.body)) && seen.row.body !== "");
    assert.equal(seen.button, "Continue");
  });
});

/** Our end of a wire, with its address; the other end goes to the server's network. */
function layWire() {
  run("ip", "link", "add", `${WIRE}a`, "type", "veth", "peer", "name", `${WIRE}b`);
  after(() => spawnSync("ip", ["link", "del", `${WIRE}a`]));
  run("ip", "address", "add", `${OURS}/30`, "dev", `${WIRE}a`);
  run("ip", "link", "set", `${WIRE}a`, "up");
}

async function plugIn(pid: number) {
  const own = spawnSync("readlink", ["/proc/self/ns/net"]).stdout.toString();
  // Until unshare(1) has done its work the process is in our network.
  while (spawnSync("readlink", [`/proc/${pid}/ns/net`]).stdout.toString() === own) await pause(5);

  run("ip", "link", "set", `${WIRE}b`, "netns", String(pid));
  const inside = (...command: string[]) => run("nsenter", "-t", String(pid), "-n", ...command);
  inside("ip", "address", "add", `${THEIRS}/30`, "dev", `${WIRE}b`);
  inside("ip", "link", "set", `${WIRE}b`, "up");
  inside("ip", "link", "set", "lo", "up");
}

function run(program: string, ...args: string[]) {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${stderr}`);
}
