import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { adapterFactory, dropEverything } from "./database.js";

// A panic in the engine tells its message here; without this it would be the word "unreachable".
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message(message) {
    throw new Error(message);
  },
};

// Connects, and returns the function that answers the CLI's methods.
export async function openEngine(file) {
  const factory = bindMigrationAwareSqlAdapterFactory(adapterFactory(file));
  const SchemaEngine = await instantiate();
  const named = (promise) => promise.catch((error) => rethrow(error, factory.errorRegistry));

  const engine = await named(SchemaEngine.new({ datamodels: undefined }, log, factory));
  return (method, params) => named(call(engine, file, method, params));
}

async function instantiate() {
  const url = import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasm = await readFile(fileURLToPath(url.replace(/\.js$/, ".wasm")));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": bindings });

  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}

function log(line) {
  process.stderr.write(line);
}

async function call(engine, file, method, params) {
  switch (method) {
    // The engine's own reset only empties the tables.
    case "reset":
      return dropEverything(file);
    case "getDatabaseVersion":
      return engine.version(params);
    default:
      return engine[method](params);
  }
}

// What the adapter throws and Prisma has no name for comes back as a number.
function rethrow(error, registry) {
  const id = /External error id#(\d+)/.exec(error.message)?.[1];
  throw id ? registry.consumeError(Number(id)).error : error;
}
