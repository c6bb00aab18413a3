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
