/** The folder of package.json, in which npm runs its scripts; the tests themselves run from `dist`. */
export const root = process.cwd();

/** What Node is given for a program of ours, such as `src/server`, as it is built. */
export function built(program: string): string[] {
  return [`dist/${program}.js`];
}
