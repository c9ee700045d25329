import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, type Metric, Registry } from 'prom-client'
import { type Buckets, createBuckets } from './buckets.ts'
import type { Observer } from './observer.ts'

/** An observer that keeps metrics for Prometheus. */
export type Metrics = Required<Observer> & { readonly registry: Registry }

type Load = ReturnType<Parameters<Required<Observer>['watch']>[0]>
type Requests = { readonly ms: Buckets; readonly statuses: Float64Array }

const msBounds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000]
const keyBounds = [1, 2, 4, 8, 16, 32, 48, 96, 192]
const nothing: Load = { server: { underWay: 0, refused: 0 }, database: { pools: [], replicas: [] } }

/** Creates the metrics of one process. What happens is counted in arrays, and becomes metrics when they are read. */
export const createMetrics = (): Metrics => {
  const registry = new Registry()
  const requests = new Map<string | undefined, Requests>()
  const batches = new Map<string, Buckets>()
  let readLoad = () => nothing

  addHistogram(registry, 'atelierx_request_duration_seconds', 'Time to answer a request, by operation', (name) =>
    Array.from(requests, ([operation = 'none', { ms }]) => ms.samples(name, { operation }, 0.001)).flat(),
  )
  addHistogram(registry, 'atelierx_batch_keys', 'Keys of a statement, by pool', (name) =>
    Array.from(batches, ([pool, keys]) => keys.samples(name, { pool })).flat(),
  )
  const answered = new Counter({
    name: 'atelierx_requests_total',
    help: 'Answered requests, by operation (none for other addresses) and status',
    labelNames: ['operation', 'status'],
    registers: [registry],
    collect: () => {
      answered.reset()
      for (const [operation = 'none', { statuses }] of requests)
        for (const [status, count] of statuses.entries()) if (count > 0) answered.inc({ operation, status }, count)
    },
  })
  addLoad(registry, () => readLoad())
  collectDefaultMetrics({ register: registry })

  return {
    registry,
    onResponse: ({ operation, status, ms }) => {
      let kept = requests.get(operation)
      if (!kept) requests.set(operation, (kept = { ms: createBuckets(msBounds), statuses: new Float64Array(600) }))
      kept.ms.add(ms)
      kept.statuses[status] = (kept.statuses[status] ?? 0) + 1
    },
    onStatement: (pool, keys) => {
      let kept = batches.get(pool)
      if (!kept) batches.set(pool, (kept = createBuckets(keyBounds)))
      kept.add(keys)
    },
    watch: (read) => (readLoad = read),
  }
}

/** Gives the metrics of this process of a cluster to the primary when it asks. */
export const shareMetrics = ({ registry }: Metrics): void => {
  AggregatorRegistry.setRegistries(registry)
  void new AggregatorRegistry()
}

type Sample = ReturnType<Buckets['samples']>[number]

const addHistogram = (registry: Registry, name: string, help: string, read: (name: string) => Sample[]): void => {
  const metric = { name, help, type: 'histogram', aggregator: 'sum' }
  registry.registerMetric({ ...metric, get: async () => ({ ...metric, values: read(name) }) } as unknown as Metric)
}

/** Adds gauges and counters of what is read when they are. */
const addLoad = (registry: Registry, readLoad: () => Load): void => {
  type Reading = readonly [labels: Record<string, string>, value: number]
  type Definition = readonly [name: string, help: string, read: (load: Load) => readonly Reading[]]
  const pools =
    (field: 'size' | 'used' | 'waiting' | 'refused'): Definition[2] =>
    ({ database }) =>
      database.pools.map(({ server, pool, [field]: value }) => [{ server, pool }, value])

  const add = (labelNames: string[], [name, help, read]: Definition, aggregator?: 'min' | 'max') => {
    const Kind = name.endsWith('_total') ? Counter : Gauge
    const metric = new Kind({
      name,
      help,
      labelNames,
      registers: [registry],
      ...(aggregator && { aggregator }),
      collect: () => {
        metric.reset()
        for (const [labels, value] of read(readLoad())) metric.inc(labels, value)
      },
    })
  }
  add([], ['atelierx_requests_under_way', 'Requests that are not answered yet', (load) => [[{}, load.server.underWay]]])
  add([], ['atelierx_requests_refused_total', 'Requests over the limit', (load) => [[{}, load.server.refused]]])
  const labels = ['server', 'pool']
  add(labels, ['atelierx_pool_connections', 'Connections that a pool may have', pools('size')])
  add(labels, ['atelierx_pool_connections_used', 'Connections with a statement under way', pools('used')])
  add(labels, ['atelierx_pool_waiting', 'Statements that wait for a connection', pools('waiting')])
  add(labels, ['atelierx_pool_refused_total', 'Statements that waited too long or found no room', pools('refused')])
  const isHealthy: Definition = [
    'atelierx_replica_healthy',
    '1 while a replica may answer reads',
    ({ database }) => database.replicas.map(({ replica, bytes }) => [{ replica }, bytes === undefined ? 0 : 1]),
  ]
  add(['replica'], isHealthy, 'min')
  const lag: Definition = [
    'atelierx_replica_lag_bytes',
    'WAL that a replica has yet to replay',
    ({ database }) =>
      database.replicas.flatMap(({ replica, bytes }) => (bytes === undefined ? [] : [[{ replica }, bytes] as const])),
  ]
  add(['replica'], lag, 'max')
}
