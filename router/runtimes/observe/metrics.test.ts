import { expect, onTestFinished, test } from 'vitest'
import { createDatabase } from '../../../db/test/database.ts'
import { createMetrics } from './metrics.ts'
import { serveObserved } from './serveObserved.ts'

const start = async () => {
  const { url, drop } = await createDatabase({ fixture: true })
  const server = await serveObserved({ url, host: '127.0.0.1', port: 0, admin: { host: '127.0.0.1', port: 0 } })
  onTestFinished(async () => {
    await server.stop({ drainMs: 0 })
    await drop()
  })
  const admin = `http://127.0.0.1:${server.adminPort}`
  return {
    origin: `http://127.0.0.1:${server.port}`,
    admin,
    read: async () => (await fetch(`${admin}/metrics`)).text(),
  }
}

test('requests are counted by operation and status, with how long they took', async () => {
  const { origin, read } = await start()
  for (const path of ['/products/1', '/api/products/1/', '/products/999', '/nowhere', '/livez'])
    await (await fetch(origin + path)).text()
  await fetch(`${origin}/reviews/1/helpful`, { method: 'PUT' })
  const text = await read()
  for (const line of [
    'atelierx_requests_total{operation="getProduct",status="200"} 2',
    'atelierx_requests_total{operation="getProduct",status="404"} 1',
    'atelierx_requests_total{operation="markReviewHelpful",status="204"} 1',
    'atelierx_requests_total{operation="none",status="404"} 1',
    'atelierx_requests_total{operation="none",status="200"} 1',
    'atelierx_request_duration_seconds_count{operation="getProduct"} 3',
    'atelierx_request_duration_seconds_bucket{operation="getProduct",le="+Inf"} 3',
    'atelierx_batch_keys_count{pool="counts"} 1',
    'atelierx_pool_connections{server="primary",pool="writes"} 8',
    'atelierx_pool_waiting{server="primary",pool="reads"} 0',
    'atelierx_pool_refused_total{server="primary",pool="reads"} 0',
    'atelierx_requests_refused_total 0',
    'atelierx_requests_under_way 0',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m)
})

test('the admin port has probes too, and the public port has no metrics', async () => {
  const { origin, admin } = await start()
  for (const path of ['/livez', '/readyz']) expect((await fetch(admin + path)).status).toBe(200)
  expect((await fetch(`${admin}/products/1`)).status).toBe(404)
  expect((await fetch(`${origin}/metrics`)).status).toBe(404)
})

test('many requests at once share statements, which shows in the size of batches', async () => {
  const { origin, read } = await start()
  await Promise.all(Array.from({ length: 50 }, (_, n) => fetch(`${origin}/reviews/meta?product_id=${n}`)))
  const sum = Number(/atelierx_batch_keys_sum\{pool="reads"\} (\d+)/.exec(await read())?.[1])
  const count = Number(/atelierx_batch_keys_count\{pool="reads"\} (\d+)/.exec(await read())?.[1])
  expect(sum).toBe(50)
  expect(count).toBeLessThan(50)
})

test('a value is in the bucket whose bound it reaches, and in all above', async () => {
  const metrics = createMetrics()
  for (const ms of [1, 1.1, 6000])
    metrics.onResponse({ operation: 'one', status: 200, ms, body: '', request: {} as never })
  const text = await metrics.registry.metrics()
  const counts = [...text.matchAll(/duration_seconds_bucket\{operation="one",le="(.+)"\} (\d+)/g)]
  expect(counts.map(([, le, value]) => [le, Number(value)])).toEqual([
    ['0.001', 1],
    ...['0.0025', '0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5'].map((le) => [le, 2]),
    ['+Inf', 3],
  ])
  expect(text).toMatch(/duration_seconds_sum\{operation="one"\} 6\.0021\n/)
})

test('replicas have their lag, and one that is left out has none', async () => {
  const metrics = createMetrics()
  const replicas = [
    { replica: 'two', bytes: 12 },
    { replica: 'three', bytes: undefined },
  ]
  metrics.watch(() => ({ server: { underWay: 3, refused: 4 }, database: { pools: [], replicas } }))
  const lines = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('atelierx_re'))
  expect(lines).toEqual([
    'atelierx_requests_under_way 3',
    'atelierx_requests_refused_total 4',
    'atelierx_replica_healthy{replica="two"} 1',
    'atelierx_replica_healthy{replica="three"} 0',
    'atelierx_replica_lag_bytes{replica="two"} 12',
  ])
})
