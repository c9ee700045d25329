import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../importer/generate/random.ts'
import { faults } from './faults.ts'
import { observe } from './observe.ts'
import { type Shop, startShop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop?.stop())

// The seed of the first schedule; those after it have the next ones.
const first = Number(process.env.ATELIER_SEED ?? 1)

test.each(Array.from({ length: 20 }, (_, index) => first + index))(
  'three random faults in a row, seed %i',
  async (seed) => {
    const random = createRandom(seed)
    const possible = faults.filter(({ isPossible }) => isPossible?.(shop) !== false)
    const schedule = [1, 2, 3].map(() => ({ fault: random.pick(possible), lastsMs: 100 + random.below(800) }))
    const { problems } = await observe(shop, schedule)
    expect(problems, schedule.map(({ fault, lastsMs }) => `${fault.name} for ${lastsMs} ms`).join(', ')).toEqual([])
  },
)
