import type { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from "@prisma/driver-adapter-utils";

// The transaction of Prisma's that is open, if there is one: there is one database, and one process that serves it.
let inside: Promise<void> | null = null;

/**
 * Prisma's adapter has one connection, and lets a statement of one request slip into the transaction
 * of another; a rollback there would undo what was acknowledged here. So everything waits outside.
 */
export function isolating(factory: PrismaBetterSqlite3): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => isolated(await factory.connect()),
  };
}

/** Does work while no transaction of Prisma's is open. Between the last look and the work there is no await. */
export async function whenOutside<T>(work: () => T): Promise<Awaited<T>> {
  while (inside) await inside;
  return await work();
}

function isolated(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const { queryRaw, executeRaw, startTransaction } = adapter;

  async function begin(level: Parameters<typeof startTransaction>[0]) {
    while (inside) await inside;
    const { promise, resolve } = resolvers();
    inside = promise;
    const leave = () => {
      inside = null;
      resolve();
    };

    try {
      return leaving(await startTransaction.call(adapter, level), adapter, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  return Object.assign(adapter, {
    startTransaction: begin,
    queryRaw: (query: SqlQuery) => whenOutside(() => queryRaw.call(adapter, query)),
    executeRaw: (query: SqlQuery) => whenOutside(() => executeRaw.call(adapter, query)),
  });
}

function leaving(transaction: Transaction, adapter: SqlDriverAdapter, leave: () => void) {
  const { commit, rollback } = transaction;

  return Object.assign(transaction, {
    commit: () => commit.call(transaction).finally(leave),
    rollback: () =>
      rollback
        .call(transaction)
        .then(() => rollBackWhatIsOpen(adapter))
        .finally(leave),
  });
}

// After a COMMIT that failed Prisma sends no ROLLBACK, and no transaction could ever begin again.
async function rollBackWhatIsOpen(adapter: SqlDriverAdapter) {
  try {
    await adapter.executeScript("ROLLBACK");
  } catch {
    // Nothing was open, as after every other failure.
  }
}

function resolvers() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
