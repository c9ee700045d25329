import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client'

/** The processes that serve, and those that had to be replaced so far. */
export type Processes = { readonly count: number; readonly replaced: number }

/** A function that reads the metrics of all processes of a cluster together. Rejects if one does not answer in 5 s. */
export const createClusterMetrics = (readProcesses: () => Processes): (() => Promise<string>) => {
  const processes = new AggregatorRegistry()
  const registry = new Registry()
  const count: Gauge = new Gauge({
    name: 'atelierx_processes',
    help: 'Processes that serve',
    registers: [registry],
    collect: () => count.set(readProcesses().count),
  })
  const replaced: Counter = new Counter({
    name: 'atelierx_processes_replaced_total',
    help: 'Processes that ended and were replaced',
    registers: [registry],
    collect: () => {
      replaced.reset()
      replaced.inc(readProcesses().replaced)
    },
  })
  return async () => (await registry.metrics()) + (await processes.clusterMetrics())
}
