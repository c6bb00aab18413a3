const NEAR_LIMIT = 1_000;

// As the server counts: in code points, of which a string has at most its `length`.
export function charactersLeft(text, limit) {
  const atLeast = limit - text.length;
  return atLeast > NEAR_LIMIT ? atLeast : limit - [...text].length;
}

export function limitWords(left) {
  if (left < 0) {
    return `${(-left).toLocaleString("en")} too many`;
  }
  return left < NEAR_LIMIT ? `${left.toLocaleString("en")} left` : "";
}
