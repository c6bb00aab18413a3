import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { after } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type Program, pathOf } from "./programs.js";
import { root } from "./root.js";

const DEPLOY = path.join(root, "deploy");
const PATIENCE_MS = 20_000;

/** Where a proxy is to listen, what it is to stand in front of, and a folder for what it writes. */
export interface Place {
  httpPort: number;
  httpsPort: number;
  upstreamPort: number;
  folder: string;
}

/** Starts a real proxy from the example in deploy/; returns the certificate that makes it trusted. */
export interface ProxyKind {
  name: "caddy" | "nginx";
  start(place: Place): Promise<string>;
}

export const proxies: readonly ProxyKind[] = [
  { name: "caddy", start: startCaddy },
  { name: "nginx", start: startNginx },
];

// The example itself, behind options that only say where to listen and what to leave alone.
async function startCaddy({ httpPort, httpsPort, upstreamPort, folder }: Place): Promise<string> {
  const options = [
    `http_port ${httpPort}`,
    `https_port ${httpsPort}`,
    "default_bind 127.0.0.1",
    "admin off",
    "skip_install_trust",
  ];
  const file = path.join(folder, "Caddyfile");
  writeFileSync(file, `{\n${options.join("\n")}\n}\n${example("Caddyfile")}`);

  await run("caddy", ["run", "--config", file, "--adapter", "caddyfile"], httpsPort, {
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
    AIFACADE_DOMAIN: "localhost",
    AIFACADE_UPSTREAM: `127.0.0.1:${upstreamPort}`,
    AIFACADE_PAGES: DEPLOY,
  });
  return waitForFile(path.join(folder, "caddy", "pki", "authorities", "local", "root.crt"));
}

// Debian's own nginx.conf around the example, in which ports, certificates and one path are others.
async function startNginx({ httpPort, httpsPort, upstreamPort, folder }: Place): Promise<string> {
  const certificate = makeCertificate(folder);
  const site = example("nginx.conf")
    .replace(/^\s*listen \[::\].*$/gm, "")
    .replaceAll("listen 80;", `listen 127.0.0.1:${httpPort};`)
    .replaceAll("listen 443 ", `listen 127.0.0.1:${httpsPort} `)
    .replaceAll("127.0.0.1:3000", `127.0.0.1:${upstreamPort}`)
    .replaceAll(/\/etc\/letsencrypt\S*(fullchain|privkey)\.pem/g, `${folder}/$1.pem`)
    .replaceAll("/var/www/aifacade", DEPLOY);
  writeFileSync(path.join(folder, "site.conf"), site);
  writeFileSync(path.join(folder, "nginx.conf"), around(folder));

  await run("nginx", ["-p", folder, "-c", `${folder}/nginx.conf`], httpsPort, {});
  return certificate;
}

function around(folder: string): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const temporary = places.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n");
  const user = process.getuid?.() === 0 ? "user root;" : "";

  return `${user}
daemon off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
  access_log off;
  types { text/html html; }
  gzip on;
  ${temporary}
  include ${folder}/site.conf;
}`;
}

function makeCertificate(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "fullchain.pem");
  const { status, stderr } = spawnSync(
    pathOf("openssl") ?? "",
    [
      ..."req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" "),
      ..."-subj /CN=localhost -addext subjectAltName=DNS:localhost -out".split(" "),
      file,
      "-keyout",
      path.join(folder, "privkey.pem"),
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return readFileSync(file, "utf8");
}

async function run(name: Program, args: string[], port: number, env: Record<string, string>) {
  const { PATH = "" } = process.env;
  const child = spawn(pathOf(name) ?? "", args, { env: { PATH, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  after(() => child.kill("SIGTERM"));

  const end = performance.now() + PATIENCE_MS;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > end) {
      throw new Error(`${name} did not start:\n${output}`);
    }
    await pause(50);
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function waitForFile(file: string): Promise<string> {
  const end = performance.now() + PATIENCE_MS;
  while (!existsSync(file)) {
    if (performance.now() > end) throw new Error(`${file} was not made`);
    await pause(50);
  }
  return readFileSync(file, "utf8");
}

function example(name: string): string {
  return readFileSync(path.join(DEPLOY, name), "utf8");
}
