/** Conversations as they are seeded: each a list of turns. */
export const conversations = [
  [
    {
      question: "What is a Bernoulli number, in one paragraph?",
      answer:
        "The **Bernoulli numbers** are a sequence of fractions that turns up wherever sums of powers do: " +
        "1, −1/2, 1/6, 0, −1/30, 0, 1/42 … With them, the sum `1ᵏ + 2ᵏ + … + nᵏ` becomes one formula for " +
        "every `k`. Note G of 1843 describes how an engine would compute them, which is why they are " +
        "remembered as the subject of the first published program.",
    },
    {
      question: "Show me that sum for k = 2 in Python, with a check.",
      answer:
        "```python\ndef sum_of_squares(n: int) -> int:\n    return n * (n + 1) * (2 * n + 1) // 6\n\n\n" +
        "assert sum_of_squares(10) == sum(i * i for i in range(1, 11))\nprint(sum_of_squares(1000))\n```\n\n" +
        "The assertion compares the formula with the plain sum for n = 10.",
    },
  ],
  [
    {
      question: "Compare a kettle, a moka pot and an espresso machine.",
      answer:
        "| | Kettle and filter | Moka pot | Espresso machine |\n| :--- | :---: | :---: | :---: |\n" +
        "| Time | 4 min | 6 min | 1 min |\n| Pressure | none | 1.5 bar | 9 bar |\n| Cost | low | low | high |\n\n" +
        "For one cup a day the **moka pot** is the best trade: small, cheap, and hard to break.",
    },
  ],
];
