// What is wrong with a server that could not be asked, in words for whoever has set its address.
import { type FailureKind, UpstreamError } from "../../deepseek/errors.js";

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

const NOT_COMPATIBLE = "Enter the base URL of an OpenAI-compatible API; it often ends in /v1";

const NETWORK: Record<string, [what: string, mend: string]> = {
  ENOTFOUND: ["No server has the name @ (DNS)", "Look at how the address is spelled"],
  EAI_AGAIN: ["The name @ could not be looked up (DNS)", "Look at this server's DNS"],
  ECONNREFUSED: [
    "Nothing listens at @: the connection was refused",
    "Look at the port, and whether that server runs",
  ],
  UND_ERR_CONNECT_TIMEOUT: [
    "@ did not take the connection in time",
    "Look at the address, and at firewalls between",
  ],
};

const FAILURES: Partial<Record<FailureKind, [what: string, mend: string]>> = {
  unreachable: ["@ could not be reached", "Look at the address and at the network between"],
  no_credit: ["The account at @ has no credit left", "Top it up"],
  busy: ["@ has too many requests at this moment", "Try again in a minute"],
  overloaded: ["@ is out of resources at this moment", "Try again in a minute"],
  upstream_error: ["@ had an error of its own", "Its log says why; or try again in a minute"],
  no_answer: ["@ took the connection and did not answer", "Look whether that server is well"],
  took_too_long: ["@ did not answer to its end in time", "Look whether that server is well"],
  too_large: ["What @ answers is far too large for a list of models", NOT_COMPATIBLE],
};

export function troubleOf(error: unknown, { baseUrl, hasKey }: Asked): Trouble {
  const { host } = new URL(baseUrl);
  if (error instanceof UpstreamError) return inWords(error, host, hasKey);
  return {
    what: `${host} did not answer in time.`,
    mend: "Look at the address, and whether that server is well",
  };
}

function inWords({ kind, code, status }: UpstreamError, host: string, hasKey: boolean): Trouble {
  const http = status === null ? "" : ` (HTTP ${status})`;
  if (kind === "insecure") return insecure(host, code ?? "");
  if (kind === "unauthorized") return unauthorized(host, http, hasKey);
  if (kind === "protocol") return foreign(host, status);

  const [what, mend] = NETWORK[code ?? ""] ??
    FAILURES[kind] ?? ["@ refused to list its models", NOT_COMPATIBLE];
  return { what: `${what.replace("@", host)}${http}.`, mend };
}

// ERR_SSL_WRONG_VERSION_NUMBER and EPROTO: what was answered is no TLS at all.
function insecure(host: string, code: string): Trouble {
  if (/WRONG_VERSION|EPROTO|PACKET_LENGTH|HTTP_REQUEST/.test(code))
    return {
      what: `${host} does not speak TLS (${code}).`,
      mend: "If it is a server of your own without TLS, begin the address with http://",
    };
  return {
    what: `The certificate of ${host} is not to be trusted (${code}).`,
    mend: "Renew it, or give its authority to this server by NODE_EXTRA_CA_CERTS",
  };
}

function unauthorized(host: string, http: string, hasKey: boolean): Trouble {
  return hasKey
    ? { what: `${host} does not accept the key${http}.`, mend: "Enter a valid key" }
    : { what: `${host} wants a key${http}.`, mend: "Enter one" };
}

function foreign(host: string, status: number | null): Trouble {
  if (status !== null && status >= 300 && status < 400)
    return {
      what: `${host} sends elsewhere (HTTP ${status}), which is not followed: the key is for this address alone.`,
      mend: "Enter the address that it leads to",
    };
  if (status !== null && status >= 400)
    return {
      what: `There is no list of models at this address of ${host} (HTTP ${status}).`,
      mend: NOT_COMPATIBLE,
    };
  return { what: `What answers at ${host} is no OpenAI-compatible server.`, mend: NOT_COMPATIBLE };
}
