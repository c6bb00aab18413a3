// What is wrong with a server that could not be asked, in words for whoever has set its address.

import { type FailureKind, UpstreamError } from "../../deepseek/errors.js";
import { t } from "../../lib/texts.js";

/** What is wrong, and what to look at. */
export interface Trouble {
  what: string;
  mend: string;
}

interface Asked {
  /** The address as it was entered. */
  baseUrl: string;
  hasKey: boolean;
}

const NOT_COMPATIBLE = t("Enter the base URL of an OpenAI-compatible API; it often ends in /v1");

type Words = (host: string) => [what: string, mend: string];

const NETWORK: Record<string, Words> = {
  ENOTFOUND: (host) => [
    t("No server has the name {host} (DNS)", { host }),
    t("Look at how the address is spelled"),
  ],
  EAI_AGAIN: (host) => [
    t("The name {host} could not be looked up (DNS)", { host }),
    t("Look at this server's DNS"),
  ],
  ECONNREFUSED: (host) => [
    t("Nothing listens at {host}: the connection was refused", { host }),
    t("Look at the port, and whether that server runs"),
  ],
  UND_ERR_CONNECT_TIMEOUT: (host) => [
    t("{host} did not take the connection in time", { host }),
    t("Look at the address, and at firewalls between"),
  ],
};

const FAILURES: Partial<Record<FailureKind, Words>> = {
  unreachable: (host) => [
    t("{host} could not be reached", { host }),
    t("Look at the address and at the network between"),
  ],
  no_credit: (host) => [t("The account at {host} has no credit left", { host }), t("Top it up")],
  busy: (host) => [
    t("{host} has too many requests at this moment", { host }),
    t("Try again in a minute"),
  ],
  overloaded: (host) => [
    t("{host} is out of resources at this moment", { host }),
    t("Try again in a minute"),
  ],
  upstream_error: (host) => [
    t("{host} had an error of its own", { host }),
    t("Its log says why; or try again in a minute"),
  ],
  no_answer: (host) => [
    t("{host} took the connection and did not answer", { host }),
    t("Look whether that server is well"),
  ],
  took_too_long: (host) => [
    t("{host} did not answer to its end in time", { host }),
    t("Look whether that server is well"),
  ],
  too_large: (host) => [
    t("What {host} answers is far too large for a list of models", { host }),
    NOT_COMPATIBLE,
  ],
};

const REFUSED: Words = (host) => [t("{host} refused to list its models", { host }), NOT_COMPATIBLE];

export function troubleOf(error: unknown, { baseUrl, hasKey }: Asked): Trouble {
  const { host } = new URL(baseUrl);
  if (error instanceof UpstreamError) return inWords(error, host, hasKey);
  return {
    what: t("{host} did not answer in time.", { host }),
    mend: t("Look at the address, and whether that server is well"),
  };
}

function inWords({ kind, code, status }: UpstreamError, host: string, hasKey: boolean): Trouble {
  const http = status === null ? "" : ` (HTTP ${status})`;
  if (kind === "insecure") return insecure(host, code ?? "");
  if (kind === "unauthorized") return unauthorized(host, http, hasKey);
  if (kind === "protocol") return foreign(host, status);

  const words = NETWORK[code ?? ""] ?? FAILURES[kind] ?? REFUSED;
  const [what, mend] = words(host);
  return { what: `${what}${http}.`, mend };
}

// ERR_SSL_WRONG_VERSION_NUMBER and EPROTO: what was answered is no TLS at all.
function insecure(host: string, code: string): Trouble {
  if (/WRONG_VERSION|EPROTO|PACKET_LENGTH|HTTP_REQUEST/.test(code))
    return {
      what: t("{host} does not speak TLS ({code}).", { host, code }),
      mend: t("If it is a server of your own without TLS, begin the address with http://"),
    };
  return {
    what: t("The certificate of {host} is not to be trusted ({code}).", { host, code }),
    mend: t("Renew it, or give its authority to this server by NODE_EXTRA_CA_CERTS"),
  };
}

function unauthorized(host: string, http: string, hasKey: boolean): Trouble {
  return hasKey
    ? {
        what: t("{host} does not accept the key{http}.", { host, http }),
        mend: t("Enter a valid key"),
      }
    : { what: t("{host} wants a key{http}.", { host, http }), mend: t("Enter one") };
}

function foreign(host: string, status: number | null): Trouble {
  if (status !== null && status >= 300 && status < 400)
    return {
      what: t(
        "{host} sends elsewhere (HTTP {status}), which is not followed: the key is for this address alone.",
        { host, status },
      ),
      mend: t("Enter the address that it leads to"),
    };
  if (status !== null && status >= 400)
    return {
      what: t("There is no list of models at this address of {host} (HTTP {status}).", {
        host,
        status,
      }),
      mend: NOT_COMPATIBLE,
    };
  return {
    what: t("What answers at {host} is no OpenAI-compatible server.", { host }),
    mend: NOT_COMPATIBLE,
  };
}
