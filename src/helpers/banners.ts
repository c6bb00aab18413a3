import { t } from "../lib/texts.js";

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

const REFUSALS: Record<string, string> = {
  unauthorized: t(
    "The model's server does not accept this installation's key, so nobody gets an answer. Put a valid DEEPSEEK_API_KEY into .env and start the server again.",
  ),
  no_credit: t(
    "The account for the model has no credit left, so nobody gets an answer. Top it up; the next question finds out by itself.",
  ),
};

const REFUSALS_OF_ADDED: Record<string, (name: string) => string> = {
  unauthorized: (name) =>
    t(
      "{name} does not accept its key, so nobody gets an answer from it. Enter a valid one under Administration, Providers.",
      { name },
    ),
  no_credit: (name) =>
    t(
      "{name} has no credit left on its account, so nobody gets an answer from it. Top it up; the next question finds out by itself.",
      { name },
    ),
};

const BACKUP_FAILED = t(
  "The last regular backup failed. The log says why, and so does `npm run task -- backup` on the server.",
);

export function bannersFor(state: State, isAdministrator: boolean): Banner[] {
  const refusals = isAdministrator ? refusalTexts(state) : [];
  const backup = isAdministrator && state.backupFailed;
  const outage = outageText(state);

  return [
    ...(state.storageTrouble
      ? [{ kind: "danger" as const, text: storageText(state.storageTrouble) }]
      : []),
    ...refusals.map((text) => ({ kind: "danger" as const, text })),
    ...(backup ? [{ kind: "warning" as const, text: BACKUP_FAILED }] : []),
    ...(outage ? [{ kind: "warning" as const, text: outage }] : []),
    ...(state.absence ? [{ kind: "warning" as const, text: state.absence }] : []),
  ];
}

function storageText(trouble: string): string {
  return t(
    "{trouble}. You can read everything and stay logged in. Sending, logging in and registering wait until this is mended.",
    { trouble },
  );
}

function refusalTexts({ refusal, refusing }: State): string[] {
  const own = REFUSALS[refusal ?? ""];
  const added = refusing.flatMap(({ name, refusal }) => REFUSALS_OF_ADDED[refusal]?.(name) ?? []);
  return own ? [own, ...added] : added;
}

function outageText({ circuit, retryInMs }: State): string | null {
  if (circuit === "closed") return null;

  if (retryInMs === null) {
    return t(
      "The model's server is down. It is tried again now; your conversations are here meanwhile, and a question you send is kept.",
    );
  }
  return t(
    "The model's server is down. It is tried again in {seconds} s; your conversations are here meanwhile, and a question you send is kept.",
    { seconds: Math.max(1, Math.ceil(retryInMs / 1000)) },
  );
}
