import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { beforeAll, expect, test } from 'vitest'
import type { FileName } from '../files.ts'
import { generate } from '../generate.ts'

const products = 1000

type Row = Readonly<Record<string, string>>

let reviews: Row[]
let characteristics: Row[]
let ratings: Row[]

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'generate-'))
  await generate(folder, { products, seed: 5 })
  const read = async (name: FileName) =>
    Papa.parse<Row>(await readFile(join(folder, name), 'utf8'), { header: true }).data
  reviews = await read('reviews.csv')
  characteristics = await read('characteristics.csv')
  ratings = await read('characteristic_reviews.csv')
  await rm(folder, { recursive: true })
})

const countBy = (rows: readonly Row[], key: string) => {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(row[key] ?? '', (counts.get(row[key] ?? '') ?? 0) + 1)
  return counts
}

test('gives a few products very many reviews, and most of them few', () => {
  const counts = [...countBy(reviews, 'product_id').values()].toSorted((a, b) => b - a)
  expect(counts[0]).toBeGreaterThan(100)
  expect(counts[products / 2]).toBeLessThan(5)
})

test('recommends what it rates well', () => {
  const recommended = (rows: readonly Row[]) => rows.filter((row) => row.recommend === 'true').length / rows.length
  expect(recommended(reviews.filter((row) => Number(row.rating) > 3))).toBeGreaterThan(0.9)
  expect(recommended(reviews.filter((row) => Number(row.rating) < 3))).toBeLessThan(0.2)
})

test('gives a product one to four characteristics, no name twice', () => {
  const names = characteristics.map((row) => `${row.product_id} ${row.name}`)
  expect(new Set(names).size).toBe(names.length)
  const counts = countBy(characteristics, 'product_id')
  expect(counts.size).toBeGreaterThanOrEqual(products)
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(4)
})

test('rates in a review the characteristics of its product, each once', () => {
  const owner = new Map(characteristics.map((row) => [row.id, row.product_id]))
  const reviewed = new Map(reviews.map((row) => [row.id, row.product_id]))
  const strangers = ratings.filter((row) => owner.get(row.characteristic_id) !== reviewed.get(row.review_id))
  expect(strangers.length / ratings.length, 'those whose product or review is missing').toBeLessThan(0.01)
  const pairs = ratings.map((row) => `${row.review_id} ${row.characteristic_id}`)
  expect(new Set(pairs).size).toBe(pairs.length)
})
