/** Who may go somewhere: administrators, people who are logged in, only those who are not, anybody, or whoever runs the server. */
export type Guard = "administrator" | "user" | "nobody" | "anybody" | "operator";

/** Every address of this server with its guard. A route that is missing here fails the build. */
export const guards: Record<string, Guard> = {
  "GET /healthz": "anybody",
  "GET /readyz": "anybody",
  "GET /metrics": "operator",

  "GET /register": "nobody",
  "POST /register": "nobody",
  "GET /login": "nobody",
  "POST /login": "anybody",
  "GET /logout": "anybody",
  "POST /logout": "anybody",
  "GET /password-resets/:token": "anybody",
  "POST /password-resets/:token": "anybody",

  "POST /theme": "anybody",
  "GET /account": "user",
  "GET /account/archive": "user",
  "GET /account/password": "user",
  "POST /account/password": "user",
  "GET /account/shares": "user",
  "DELETE /account/shares": "user",
  "GET /account/shares/:id": "user",
  "DELETE /account/shares/:id": "user",
  "POST /account/shares/:id/links": "user",
  "GET /account/shares/:id/versions": "user",
  "POST /account/shares/:id/versions": "user",
  "GET /account/shares/:id/versions/new": "user",

  "GET /s/:token": "anybody",
  "POST /s/:token": "anybody",
  "GET /s/:token/copies/new": "user",
  "POST /s/:token/copies": "user",

  "GET /admin": "administrator",

  "GET /": "user",
  "GET /home": "user",
  "GET /chat": "user",
  "POST /chat": "user",
  "GET /clear": "user",
  "POST /clear": "user",
  "GET /conversations": "user",
  "GET /conversations/:id": "user",
  "PATCH /conversations/:id": "user",
  "DELETE /conversations/:id": "user",
  "POST /conversations/:id/pin": "user",
  "DELETE /conversations/:id/pin": "user",
  "POST /conversations/:id/archiving": "user",
  "DELETE /conversations/:id/archiving": "user",
  "GET /conversations/:id/export.md": "user",
  "GET /conversations/:id/export.json": "user",
  "GET /conversations/:id/export.html": "user",
  "GET /conversations/:id/print": "user",
  "POST /conversations/selection": "user",
  "GET /drafts": "user",
  "POST /drafts": "user",
  "GET /folders": "user",
  "POST /folders": "user",
  "GET /folders/:id": "user",
  "PATCH /folders/:id": "user",
  "DELETE /folders/:id": "user",
  "GET /folders/placements/new": "user",
  "POST /folders/placements": "user",
  "GET /imports": "user",
  "POST /imports": "user",
  "GET /imports/:id": "user",
  "PATCH /imports/:id": "user",
  "DELETE /imports/:id": "user",
  "GET /archive": "user",
  "GET /trash": "user",
  "DELETE /trash": "user",
  "DELETE /trash/:id": "user",
  "POST /trash/:id/restoration": "user",
  "GET /sidebar": "user",
  "GET /conversations/:conversationId/messages": "user",
  "POST /conversations/:conversationId/messages": "user",
  "GET /conversations/:conversationId/shares": "user",
  "POST /conversations/:conversationId/shares": "user",
  "GET /conversations/:conversationId/shares/new": "user",
  "GET /conversations/:conversationId/live": "user",
  "GET /messages/:id/source": "user",
  "GET /search": "user",
  "GET /search/results": "user",
  "GET /messages/:id/versions": "user",
  "POST /messages/:id/versions": "user",
  "GET /messages/:id/versions/new": "user",
  "POST /messages/:id/forks": "user",
  "POST /messages/:id/generations": "user",
  "GET /generations/:id": "user",
  "DELETE /generations/:id": "user",
  "POST /generations/:id/continuation": "user",
};

/** The routes of a guard as method and path, with something in the place of each parameter. */
export function routesFor(...wanted: Guard[]): { method: string; path: string; guard: Guard }[] {
  return Object.entries(guards)
    .filter(([, guard]) => wanted.includes(guard))
    .map(([route, guard]) => {
      const [method = "", pattern = ""] = route.split(" ");
      return { method, path: pattern.replace(/:\w+/g, "41"), guard };
    });
}
