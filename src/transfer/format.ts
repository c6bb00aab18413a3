/** What our own JSON says of itself; README.md says what it holds. */
export const FORMAT = "aifacade";
export const VERSION = 2;
