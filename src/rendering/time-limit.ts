import { createContext, Script } from "node:vm";

const caller = new Script("work()");
const box = createContext({ work: () => undefined as unknown });

/** The result of the work, which is thrown out of, wherever it is, when it takes longer. It must not be asynchronous. */
export function withinTime<Result>(limitMs: number, work: () => Result): Result {
  box.work = work;
  return caller.runInContext(box, { timeout: limitMs });
}
