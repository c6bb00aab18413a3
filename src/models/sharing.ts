/**
 * Of things that people keep, as a condition: a person's own, and what administrators share with everyone. Whoever is no
 * administrator any more shares nothing.
 */
export const USABLE =
  "(userId = @userId OR (shared AND userId IN (SELECT id FROM User WHERE administrator)))";
