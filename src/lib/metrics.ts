import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const registry = new Registry();

// Coarse enough to cost nothing; a stall that anybody notices is far longer.
const EVENT_LOOP_RESOLUTION_MS = 20;

/** Counts what happens; its name ends in `_total`. Labels take few values, never an id, a name or an address. */
export function counter<L extends string = never>(
  name: string,
  help: string,
  labelNames: readonly L[] = [],
): Counter<L> {
  return new Counter({ name, help, labelNames, registers: [registry] });
}

/** How long or how much something was; its name ends in its unit, its bounds are where one would look closer. */
export function histogram<L extends string = never>(
  name: string,
  help: string,
  buckets: number[],
  labelNames: readonly L[] = [],
): Histogram<L> {
  return new Histogram({ name, help, buckets, labelNames, registers: [registry] });
}

/** A value that is asked for at each scrape; null says that there is none. */
export function gauge(name: string, help: string, read: () => number | null): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      const value = read();
      if (value === null) this.remove();
      else this.set(value);
    },
  });
}

/** Begins to watch the process itself: CPU, memory, garbage collection, event loop. */
export function watchProcess(): void {
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS,
  });
}

/** Everything in Prometheus' text format. */
export async function exposition(): Promise<{ contentType: string; text: string }> {
  return { contentType: registry.contentType, text: await registry.metrics() };
}
