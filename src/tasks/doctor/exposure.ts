import { config } from "../config.js";
import { bad, type Finding, ok, warn } from "../lib/findings.js";
import { isLoopback } from "../lib/text.js";

/** Examines the settings that decide who can reach this server, and how well they fit together. */
export function examineExposure(): Finding[] {
  const { host, publicUrl, https, trustProxy } = config;
  const isLocal = isLoopback(host);
  const found: Finding[] = [];

  if (https && !trustProxy)
    found.push(
      bad(
        "PUBLIC_URL is https, but TRUST_PROXY is not set: everybody would seem to come from the proxy.",
        "Set TRUST_PROXY=1",
      ),
    );
  if (trustProxy && !publicUrl)
    found.push(
      warn("TRUST_PROXY is set without PUBLIC_URL.", "Set PUBLIC_URL to what people open"),
    );
  if (publicUrl && !https && !isLoopback(new URL(publicUrl).hostname))
    found.push(
      bad("PUBLIC_URL is http: passwords travel unencrypted.", "Put a proxy with https in front"),
    );
  if (!isLocal && trustProxy)
    found.push(
      warn(
        `HOST=${host} lets people go around the proxy, and forge their address.`,
        "Set HOST=127.0.0.1 where the proxy is on this machine (in a container it has to be so)",
      ),
    );
  if (!isLocal && !publicUrl)
    found.push(
      warn(`HOST=${host} serves the network without https.`, "Put a proxy with https in front"),
    );
  if (config.registration === "open" && (publicUrl || !isLocal))
    found.push(
      warn("Anybody who reaches the page may register.", "Set REGISTRATION=closed once all are in"),
    );
  if (!config.limits.on) found.push(bad("The limits are off.", "Remove RATE_LIMITS=off"));

  return found.length > 0 ? found : [ok("The settings fit together.")];
}
