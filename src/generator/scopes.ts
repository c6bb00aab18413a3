/** By what footnotes are told apart on a page: those of an answer, and those of its reasoning. */
export function scopesOf(answerId: number) {
  return { answer: `m${answerId}`, reasoning: `m${answerId}r` };
}
