import type { Received } from "../models/files/uploads.js";
import type { Person } from "../models/users.js";

declare global {
  namespace Express {
    interface User extends Person {}

    interface Request {
      /** The id under which this request stands in the log and on an error page. */
      id: string | number | object;
      /** The pattern under which the router is mounted that this request has come to. */
      mount?: string;
      /** Of a form that may bring files. */
      received?: Received;
    }

    interface Response {
      /** Renders a view inside its layout and sends it. */
      page(view: string, locals?: object, ready?: Buffer[]): Promise<void>;
    }
  }
}

declare module "express-session" {
  interface SessionData {
    passport: { user: string };
    /** The family of the browser that logged in, such as "Firefox": the session works in no other. */
    browser: string;
    /** What was typed when an earlier session had ended; the composer gives it back. */
    draft: {
      text: string;
      conversationId: string | null;
      chosen?: Record<string, string>;
      files?: string[];
    };
    /** The model of the last new conversation, as its form said it: the next one begins with it. */
    model: string;
  }
}
