/** Of the text of a file: more than the longest context there is, at about three bytes to a token. */
export const MOST_CHARACTERS = 4_000_000;
