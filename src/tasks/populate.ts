import { statSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { nameOf, PASSWORD } from "../../prisma/populate/people.js";
import { populate as fill, type Sizes } from "../../prisma/populate/populate.js";
import { config } from "../config.js";
import { Problem } from "../errors.js";
import { openStorage } from "./storage.js";

export const populate = new Command("populate")
  .description("Fill a database of its own with a crowd, for load tests")
  .option("--people <count>", "people", count, 1000)
  .option("--conversations <count>", "conversations", count, 100_000)
  .option("--messages <count>", "questions and answers", count, 2_000_000)
  .option("--longest <count>", "messages of the first person's longest conversation", count, 2500)
  .action(run);

async function run(sizes: Sizes) {
  refuseTooFew(sizes);
  const startedAt = performance.now();
  await openStorage();
  await fill(sizes);

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const megabytes = Math.round(statSync(config.database.file).size / 2 ** 20);
  const { people, conversations, messages } = sizes;
  console.log(
    `Made ${words(people)} people with ${words(conversations)} conversations and ${words(messages)} messages in ${seconds} s.`,
  );
  console.log(`${config.database.file} has ${words(megabytes)} MB now.`);
  console.log(`Log in as ${nameOf(0)} to ${nameOf(people - 1)}; the password is: ${PASSWORD}`);
}

function refuseTooFew({ conversations, messages, longest }: Sizes) {
  const least = longest + 80 + 2 * conversations;
  if (messages < least) {
    throw new Problem(
      422,
      `So many conversations need at least ${words(least)} messages. Ask for more messages, or for a shorter longest one.`,
    );
  }
}

function words(number: number): string {
  return number.toLocaleString("en");
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It must be a whole number above 0.");
}
