import { config } from "../../config.js";
import { bad, type Finding, ok, warn } from "../../lib/findings.js";
import { counted } from "../../lib/text.js";
import { keyOf, type Provider } from "../../models/providers.js";
import { isDemo, openAdded, openOwn, ownAddress, type Upstream } from "./opening.js";

const KEY_UNREADABLE = "cannot be asked: its key cannot be read";

/** Asks the settings' own server for its models, as a start does: whether it is reached, and takes the key. */
export async function examineUpstream(): Promise<Finding> {
  if (isDemo()) return warn("The demo model answers.", "Set DEEPSEEK_API_KEY or DEEPSEEK_BASE_URL");

  const { model } = config.deepseek;
  return examined(await openOwn(), ownAddress(), ({ list }) =>
    model && !list.models.some(({ id }) => id === model)
      ? warn(`${ownAddress()} does not list ${model}.`, "Look at DEEPSEEK_MODEL")
      : null,
  );
}

/** The same of a provider that was added. */
export async function examineProvider(provider: Provider): Promise<Finding> {
  const name = `The provider ${provider.name}`;
  const key = keyOf(provider);
  if (!provider.active) return ok(`${name} is switched off.`);
  if (!key.readable)
    return bad(`${name} ${KEY_UNREADABLE}.`, "Enter it again on the provider's page");

  return examined(openAdded(provider, key.apiKey), `${name} (${provider.baseUrl})`, ({ list }) => {
    const missing = (provider.models ?? []).filter((id) => !list.models.some((m) => m.id === id));
    return missing.length > 0
      ? warn(`${name} does not list ${missing.join(", ")}.`, "Look at the models it offers")
      : null;
  });
}

async function examined(
  upstream: Upstream,
  name: string,
  doubt: (upstream: Upstream) => Finding | null,
): Promise<Finding> {
  const { list } = upstream;
  await list.ask();
  await upstream.close();

  if (list.failure !== null) {
    const { what, mend } = upstream.troubleOf(list.failure);
    return bad(`${name}: ${what}`, mend);
  }
  return doubt(upstream) ?? ok(`${name} answers, with ${counted(list.models.length, "model")}.`);
}
