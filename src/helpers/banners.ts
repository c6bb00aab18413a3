/** What everybody, or an administrator, reads on top of every page while it lasts. */
export interface Banner {
  kind: "warning" | "danger";
  text: string;
}

interface Upstream {
  circuit: string;
  retryInMs: number | null;
  refusal: string | null;
}

const REFUSALS: Record<string, string> = {
  unauthorized:
    "The model's server does not accept this installation's key, so nobody gets an answer. Put a valid DEEPSEEK_API_KEY into .env and start the server again.",
  no_credit:
    "The account for the model has no credit left, so nobody gets an answer. Top it up; the next question finds out by itself.",
};

export function bannersFor(upstream: Upstream, isAdministrator: boolean): Banner[] {
  const refusal = isAdministrator ? REFUSALS[upstream.refusal ?? ""] : undefined;
  const outage = outageText(upstream);

  return [
    ...(refusal ? [{ kind: "danger" as const, text: refusal }] : []),
    ...(outage ? [{ kind: "warning" as const, text: outage }] : []),
  ];
}

function outageText({ circuit, retryInMs }: Upstream): string | null {
  if (circuit === "closed") return null;

  const when = retryInMs === null ? "now" : `in ${Math.max(1, Math.ceil(retryInMs / 1000))} s`;
  return `The model's server is down. It is tried again ${when}; your conversations are here meanwhile, and a question you send is kept.`;
}
