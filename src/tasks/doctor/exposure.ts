import { config } from "../../config.js";
import { bad, type Finding, ok, warn } from "../../lib/findings.js";
import { isLoopback } from "../../lib/text.js";

const { host, publicUrl, https, trustProxy, registration, limits } = config;
const isLocal = isLoopback(host);
const isPublicLocal = publicUrl !== null && isLoopback(new URL(publicUrl).hostname);

/** The settings that decide who can reach this server, where they do not fit together. */
const rows: { when: boolean; finding: Finding }[] = [
  {
    when: https && !trustProxy,
    finding: bad(
      "PUBLIC_URL is https, but TRUST_PROXY is not set: everybody would seem to come from the proxy.",
      "Set TRUST_PROXY=1",
    ),
  },
  {
    when: Boolean(trustProxy) && !publicUrl,
    finding: warn("TRUST_PROXY is set without PUBLIC_URL.", "Set PUBLIC_URL to what people open"),
  },
  {
    when: publicUrl !== null && !https && !isPublicLocal,
    finding: bad(
      "PUBLIC_URL is http: passwords travel unencrypted.",
      "Put a proxy with https in front",
    ),
  },
  {
    when: !isLocal && Boolean(trustProxy),
    finding: warn(
      `HOST=${host} lets people go around the proxy, and forge their address.`,
      "Set HOST=127.0.0.1 where the proxy is on this machine (in a container it has to be so)",
    ),
  },
  {
    when: !isLocal && !publicUrl,
    finding: warn(
      `HOST=${host} serves the network without https.`,
      "Put a proxy with https in front",
    ),
  },
  {
    when: registration === "open" && (publicUrl !== null || !isLocal),
    finding: warn(
      "Anybody who reaches the page may register.",
      "Set REGISTRATION=closed once all are in",
    ),
  },
  {
    when: !limits.on,
    finding: bad("The limits are off.", "Remove RATE_LIMITS=off"),
  },
];

export function examineExposure(): Finding[] {
  const found = rows.filter(({ when }) => when).map(({ finding }) => finding);
  return found.length > 0 ? found : [ok("The settings fit together.")];
}
