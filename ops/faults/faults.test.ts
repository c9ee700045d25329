import { afterAll, beforeAll, expect, test } from 'vitest'
import { faults } from './faults.ts'
import { observe, type Observation, toTable } from './observe.ts'
import { type Shop, startShop } from './shop.ts'

let shop: Shop
const observations: Observation[] = []
beforeAll(async () => {
  shop = await startShop()
})
afterAll(async () => {
  console.log(toTable(observations))
  await shop?.stop()
})

test.for(faults.map((fault) => [fault.name, fault] as const))('%s', async ([, fault], { skip }) => {
  skip(fault.isPossible?.(shop) === false, 'This machine cannot do it.')

  const observation = await observe(shop, [{ fault, lastsMs: 2000 }])
  observations.push(observation)
  expect(observation.problems).toEqual([])
})
