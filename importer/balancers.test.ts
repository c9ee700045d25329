import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { readBalancers } from './balancers.ts'
import { productsOf, useImporter } from './test/importer.ts'

const importer = useImporter()

test('ATELIER_BALANCERS names none, one or several', () => {
  expect(readBalancers({})).toEqual([])
  expect(readBalancers({ ATELIER_BALANCERS: 'http://10.0.0.5:8081, http://10.0.0.6:8081' })).toEqual([
    'http://10.0.0.5:8081',
    'http://10.0.0.6:8081',
  ])
  expect(() => readBalancers({ ATELIER_BALANCERS: '10.0.0.5:8081' })).toThrow(
    /^ATELIER_BALANCERS names 10\.0\.0\.5:8081/,
  )
})

test('an import invalidates what balancers keep when its rows are live, and the same command tells one that was away', async () => {
  const invalidated: string[] = []
  const server = createServer((request, response) => {
    void importer.sql`select count(*)::int as products from products`.then(([row]) => {
      invalidated.push(
        `${request.method} ${request.url} ${row?.products} ${request.headers['consistency-token'] !== undefined}`,
      )
      return response.writeHead(204).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const files = await importer.write({ 'product.csv': productsOf(1, 2) })
  try {
    const away = importer.load(files, { balancers: ['http://127.0.0.1:1'] })
    await expect(away).rejects.toThrow(
      /^The new data is live, but the balancer at http:\/\/127\.0\.0\.1:1 still answers/,
    )
    await importer.load(files, { balancers: [`http://127.0.0.1:${port}`] })
    expect(invalidated).toEqual(['POST /invalidate 2 true'])
  } finally {
    server.close()
  }
})
