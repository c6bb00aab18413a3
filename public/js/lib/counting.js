const NEAR_LIMIT = 1_000;

// As the server counts: in code points, of which a string has at most its `length`.
export function charactersLeft(text, limit) {
  const atLeast = limit - text.length;
  return atLeast > NEAR_LIMIT ? atLeast : limit - [...text].length;
}

export function limitWords(left, said) {
  if (left < 0) {
    return said("too-many", -left);
  }
  return left < NEAR_LIMIT ? said("left", left) : "";
}
