import { expect, test } from 'vitest'
import { request } from './request.ts'
import { useShop } from './shop.ts'

useShop()

/** A write, and a number in a read that it increments. */
type Round = {
  readonly path: (product: number) => string
  readonly count: (answer: never) => number
  readonly write: (product: number) => readonly ['PUT' | 'POST', string, object?]
}

type Reviews = { readonly results: readonly { readonly helpfulness: number }[] }
type Meta = { readonly ratings: Readonly<Record<string, string>> }
type Questions = {
  readonly results: readonly {
    readonly question_helpfulness: number
    readonly answers: Readonly<Record<string, object>>
  }[]
}
const visitor = { name: 'visitor', email: 'visitor@mail.example', body: 'Seen at once?' }
const sum = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

// In the shop, a product's review and question have its id less one.
const reviews = (product: number) => `/reviews?product_id=${product}&count=500`
const meta = (product: number) => `/reviews/meta?product_id=${product}`
const questions = (product: number) => `/qa/questions?product_id=${product}&count=500`
const answers = (product: number) => `/qa/questions/${product - 1}/answers`
const addReview: Round['write'] = (product_id) => [
  'POST',
  '/reviews',
  { ...visitor, product_id, rating: 4, summary: 'Yes', recommend: true },
]
const addAnswer: Round['write'] = (product) => ['POST', answers(product), { ...visitor, photos: [] }]

const rounds: readonly Round[] = [
  {
    path: reviews,
    count: ({ results }: Reviews) => sum(results.map(({ helpfulness }) => helpfulness)),
    write: (product) => ['PUT', `/reviews/${product - 1}/helpful`],
  },
  { path: reviews, count: ({ results }: Reviews) => results.length, write: addReview },
  { path: meta, count: ({ ratings }: Meta) => sum(Object.values(ratings).map(Number)), write: addReview },
  {
    path: questions,
    count: ({ results }: Questions) => sum(results.map((question) => question.question_helpfulness)),
    write: (product) => ['PUT', `/qa/questions/${product - 1}/helpful`],
  },
  {
    path: questions,
    count: ({ results }: Questions) => results.length,
    write: (product_id) => ['POST', '/qa/questions', { ...visitor, product_id }],
  },
  {
    path: questions,
    count: ({ results }: Questions) => sum(results.map(({ answers }) => Object.keys(answers).length)),
    write: addAnswer,
  },
  {
    path: (product) => `${answers(product)}?count=500`,
    count: ({ results }: Reviews) => results.length,
    write: addAnswer,
  },
]

const read = async ({ path, count }: Round, product: number): Promise<number> => {
  const { status, text } = await request('GET', path(product))
  expect(status).toBe(200)
  return count(JSON.parse(text) as never)
}

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)]!

test('in 1000 rounds of a write and a read by another client through the cache, no read is stale', async () => {
  let stale = 0
  const state = { isDone: false }
  // Each writer has its own products, so that it knows what a read must show.
  const writer = async (products: readonly number[]) => {
    for (let n = 0; n < 250; n += 1) {
      const [round, product] = [pick(rounds), pick(products)]
      const before = await read(round, product)
      const [method, path, body] = round.write(product)
      expect((await request(method, path, body)).status).toBeLessThan(300)
      if ((await read(round, product)) !== before + 1) stale += 1
    }
  }
  const shares = Array.from({ length: 4 }, (_, n) => Array.from({ length: 5 }, (_, m) => 100 + n * 5 + m))
  // Readers fill the cache between a write and its read.
  const reader = async () => {
    while (!state.isDone) await read(pick(rounds), pick(shares.flat()))
  }
  const readers = Array.from({ length: 6 }, reader)
  await Promise.all(shares.map(writer)).finally(() => (state.isDone = true))
  await Promise.all(readers)
  expect(stale).toBe(0)
})

test('a response that no write changed comes from the cache', async () => {
  const path = '/products/42'
  await request('GET', path)
  expect((await request('GET', path)).headers['x-cache']).toBe('HIT')
})
