import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../db/test.ts'
import { operations } from '../operations.ts'
import { buildScript, findPgbench } from './pgbench.ts'

const isInstalled = Boolean(await findPgbench(''))
const ids = { products: [1, 7], pages: [1, 2], questions: [1], reviews: [1], answers: [1], skus: [1] }
let own: TestDatabase
beforeAll(async () => {
  own = await createDatabase({ fixture: true })
})
afterAll(() => own.drop())

const named = (name: string) => operations.find((operation) => operation.name.startsWith(name))

test('asks for random things what the endpoint asks for', async () => {
  const script = await buildScript(named('getReviewMeta') ?? expect.fail(), ids)
  expect(script).toContain('\\set n random(1, 7)')
  expect(script).toContain("unnest(('{' || :product_id || '}')::text::int[])")
})

test('turns the number of a page into the rows that it skips', async () => {
  const script = await buildScript(named('listProducts') ?? expect.fail(), ids)
  expect(script).toContain('\\set skip 5 * :n + -5')
})

test('a cart and a write are not compared', async () => {
  for (const name of ['getCart', 'markReviewHelpful', 'addToCart'])
    expect(await buildScript(named(name) ?? expect.fail(), ids)).toBeUndefined()
})

test.skipIf(!isInstalled)('pgbench, where it is installed, runs the lookup of every GET', async () => {
  const pgbench = await findPgbench(own.url)
  for (const operation of operations) {
    const script = await buildScript(operation, ids)
    if (script) expect(await pgbench?.(script, 1)).toBeGreaterThan(0)
  }
})
