import type { RequestHandler } from "express";
import helmet from "helmet";
import { config } from "../config.js";

const YEAR_SECONDS = 31_536_000;

const NO_FEATURES = [
  "accelerometer",
  "autoplay",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "publickey-credentials-get",
  "screen-wake-lock",
  "usb",
  "xr-spatial-tracking",
]
  .map((name) => `${name}=()`)
  .join(", ");

/** For pages without any script, which strangers read: none runs there, whatever came in. */
export const withoutScripts = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  },
});

/**
 * For the page in which a diagram is drawn, and its files: it has no origin, so that it reaches neither our pages nor
 * their cookies, and asks nobody for anything. What draws it writes styles into it, and needs to be let in from nowhere.
 */
export const sandboxed: RequestHandler[] = [
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      sandbox: ["allow-scripts"],
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'self'"],
    },
  }),
  helmet.crossOriginResourcePolicy({ policy: "cross-origin" }),
  helmet.frameguard({ action: "sameorigin" }),
];

/** One policy for every answer of this server; no part of it names another host or anything unsafe. */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          manifestSrc: ["'self'"],
          // Pages of diagrams alone: no other page of ours may be framed.
          frameSrc: ["'self'"],
          workerSrc: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          objectSrc: ["'none'"],
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: ["aifacade"],
        },
      },
      strictTransportSecurity: config.https
        ? { maxAge: YEAR_SECONDS, includeSubDomains: false }
        : false,
      // Under no-referrer a browser sends `Origin: null` with our own forms, which would refuse them.
      referrerPolicy: { policy: "same-origin" },
      frameguard: { action: "deny" },
    }),
    (_request, response, next) => {
      response.setHeader("Permissions-Policy", NO_FEATURES);
      next();
    },
  ];
}
