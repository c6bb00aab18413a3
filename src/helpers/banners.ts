/** What everybody, or an administrator, reads on top of every page while it lasts. */
export interface Banner {
  kind: "warning" | "danger";
  text: string;
}

interface State {
  circuit: string;
  retryInMs: number | null;
  /** Why the model of the conversation that is looked at cannot be asked at all, in words. */
  absence: string | null;
  /** Why the settings' own server takes nobody's question. */
  refusal: string | null;
  /** The added providers that take nobody's. */
  refusing: { name: string; refusal: string }[];
  /** The last regular backup did. */
  backupFailed: boolean;
  /** Why nothing new is stored, in words. */
  storageTrouble: string | null;
}

const READING_GOES_ON =
  "You can read everything and stay logged in. Sending, logging in and registering wait until this is mended.";

const REFUSALS: Record<string, string> = {
  unauthorized:
    "The model's server does not accept this installation's key, so nobody gets an answer. Put a valid DEEPSEEK_API_KEY into .env and start the server again.",
  no_credit:
    "The account for the model has no credit left, so nobody gets an answer. Top it up; the next question finds out by itself.",
};

const REFUSALS_OF_ADDED: Record<string, string> = {
  unauthorized:
    "does not accept its key, so nobody gets an answer from it. Enter a valid one under Administration, Providers.",
  no_credit:
    "has no credit left on its account, so nobody gets an answer from it. Top it up; the next question finds out by itself.",
};

const BACKUP_FAILED =
  "The last regular backup failed. The log says why, and so does `npm run task -- backup` on the server.";

export function bannersFor(state: State, isAdministrator: boolean): Banner[] {
  const refusals = isAdministrator ? refusalTexts(state) : [];
  const backup = isAdministrator && state.backupFailed;
  const outage = outageText(state);

  return [
    ...(state.storageTrouble
      ? [{ kind: "danger" as const, text: `${state.storageTrouble}. ${READING_GOES_ON}` }]
      : []),
    ...refusals.map((text) => ({ kind: "danger" as const, text })),
    ...(backup ? [{ kind: "warning" as const, text: BACKUP_FAILED }] : []),
    ...(outage ? [{ kind: "warning" as const, text: outage }] : []),
    ...(state.absence ? [{ kind: "warning" as const, text: state.absence }] : []),
  ];
}

function refusalTexts({ refusal, refusing }: State): string[] {
  const own = REFUSALS[refusal ?? ""];
  const added = refusing.map(({ name, refusal }) => `${name} ${REFUSALS_OF_ADDED[refusal]}`);
  return own ? [own, ...added] : added;
}

function outageText({ circuit, retryInMs }: State): string | null {
  if (circuit === "closed") return null;

  const when = retryInMs === null ? "now" : `in ${Math.max(1, Math.ceil(retryInMs / 1000))} s`;
  return `The model's server is down. It is tried again ${when}; your conversations are here meanwhile, and a question you send is kept.`;
}
