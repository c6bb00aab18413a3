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
  "GET /account/password": "user",
  "POST /account/password": "user",

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
  "GET /conversations/:conversationId/parameters": "user",
  "POST /conversations/:conversationId/parameters": "user",
  "POST /conversations/:id/pin": "user",
  "DELETE /conversations/:id/pin": "user",
  "POST /conversations/:id/archiving": "user",
  "DELETE /conversations/:id/archiving": "user",
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
  "GET /archive": "user",
  "GET /trash": "user",
  "DELETE /trash": "user",
  "DELETE /trash/:id": "user",
  "POST /trash/:id/restoration": "user",
  "GET /sidebar": "user",
  "GET /conversations/:conversationId/messages": "user",
  "POST /conversations/:conversationId/messages": "user",
  "GET /conversations/:conversationId/live": "user",
  "GET /messages/:id/source": "user",
  "GET /presets": "user",
  "POST /presets": "user",
  "GET /presets/new": "user",
  "GET /presets/:id": "user",
  "PATCH /presets/:id": "user",
  "DELETE /presets/:id": "user",
  "POST /presets/:id/copies": "user",
  "GET /prompts": "user",
  "POST /prompts": "user",
  "GET /prompts/new": "user",
  "GET /prompts/choices": "user",
  "GET /prompts/:id": "user",
  "PATCH /prompts/:id": "user",
  "DELETE /prompts/:id": "user",
  "GET /prompts/:id/use": "user",
  "POST /prompts/:id/use": "user",
  "GET /search": "user",
  "GET /search/results": "user",
  "GET /messages/:id/versions": "user",
  "POST /messages/:id/versions": "user",
  "GET /messages/:id/versions/new": "user",
  "POST /messages/:id/forks": "user",
  "GET /messages/:id/generations/new": "user",
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
