import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { beforeAll, expect, test } from 'vitest'
import { photoId } from './defects.ts'
import { fileNames, type FileName } from './files.ts'
import { generate } from './generate.ts'

const products = 2000

const tables = {} as Record<FileName, Record<string, string>[]>
let photoFile = ''

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'generate-'))
  await generate(folder, { products, seed: 3 })
  for (const name of fileNames) {
    const text = await readFile(join(folder, name), 'utf8')
    if (name === 'photos.csv') photoFile = text
    tables[name] = Papa.parse<Record<string, string>>(text.replaceAll(/=300$/gm, '=300"'), { header: true }).data
  }
  await rm(folder, { recursive: true })
})

const column = (name: FileName, key: string) => tables[name].map((row) => row[key] ?? '')

const lacking = (parents: FileName, children: readonly Record<string, string>[], key: string) => {
  const named = new Set(children.map((row) => row[key]))
  return column(parents, 'id').filter((id) => !named.has(id)).length
}

test('leaves a quote of photo 48 open, which hides 193 rows from whoever pairs quotes across lines', () => {
  const lines = photoFile.split('\n')
  expect(lines[48]).toMatch(/^48,\d+,"https:[^"]+","https:[^"]+$/)
  let hidden = 0
  let inside = false
  for (const line of lines) {
    if (inside) hidden++
    if (line.split('"').length % 2 === 0) inside = !inside
  }
  expect([hidden, inside]).toEqual([193, false])
})

test('misspells the scheme of some thumbnails', () => {
  expect(column('photos.csv', 'thumbnail_url').filter((url) => url.startsWith('uhttps://'))).not.toEqual([])
})

test('relates products to 0, to themselves, to one another twice and to nobody', () => {
  const pairs = tables['related.csv'].map((row) => [Number(row.current_product_id), Number(row.related_product_id)])
  const texts = pairs.map(String)
  expect(pairs.some(([, related]) => related === 0)).toBe(true)
  expect(pairs.some(([product, related]) => product === related)).toBe(true)
  expect(pairs.some(([, related = 0]) => related > products)).toBe(true)
  expect(new Set(texts).size).toBeLessThan(texts.length)
})

test('puts 8 before 7, and leaves photo ids out, 63 of them at full size', () => {
  for (const name of ['skus.csv', 'photos.csv', 'reviews_photos.csv', 'answers_photos.csv'] as const)
    expect(column(name, 'id').slice(5, 9), name).toEqual(['6', '8', '7', '9'])
  expect(Number(column('photos.csv', 'id').at(-1))).toBeGreaterThan(tables['photos.csv'].length)
  expect(photoId(5_655_656)).toBe(5_655_719)
})

test('has parents without children', () => {
  expect(lacking('styles.csv', tables['photos.csv'], 'styleId')).toBeGreaterThan(0)
  expect(lacking('styles.csv', tables['skus.csv'], 'styleId')).toBeGreaterThan(0)
  expect(lacking('product.csv', tables['features.csv'], 'product_id')).toBeGreaterThan(0)
  expect(lacking('product.csv', tables['reviews.csv'], 'product_id')).toBeGreaterThan(0)
  expect(lacking('product.csv', tables['questions.csv'], 'product_id')).toBeGreaterThan(0)
})

test('has products with styles and no default one', () => {
  const standard = tables['styles.csv'].filter((row) => row.default_style === '1')
  const styled = lacking('product.csv', tables['styles.csv'], 'productId')
  expect(lacking('product.csv', standard, 'productId')).toBeGreaterThan(styled)
})

test('lists a size twice in some styles', () => {
  const sizes = tables['skus.csv'].map((row) => `${row.styleId} ${row.size}`)
  expect(new Set(sizes).size).toBeLessThan(sizes.length)
})

test('has a bare null in four columns, and most often a value', () => {
  const nulls = (name: FileName, key: string) =>
    column(name, key).filter((cell) => cell === 'null').length / tables[name].length
  expect(nulls('features.csv', 'value')).toBeCloseTo(0.04, 1)
  expect(nulls('styles.csv', 'sale_price')).toBeCloseTo(0.8, 1)
  expect(nulls('reviews.csv', 'response')).toBeCloseTo(0.9, 1)
  expect(nulls('answers.csv', 'answerer_email')).toBeCloseTo(0.01, 1)
  expect(nulls('answers.csv', 'answerer_email')).toBeGreaterThan(0)
})

test('has rows in every file whose parent is missing, and few of them', () => {
  const parents: readonly (readonly [FileName, string, FileName])[] = [
    ['features.csv', 'product_id', 'product.csv'],
    ['styles.csv', 'productId', 'product.csv'],
    ['related.csv', 'current_product_id', 'product.csv'],
    ['reviews.csv', 'product_id', 'product.csv'],
    ['characteristics.csv', 'product_id', 'product.csv'],
    ['questions.csv', 'product_id', 'product.csv'],
    ['photos.csv', 'styleId', 'styles.csv'],
    ['skus.csv', 'styleId', 'styles.csv'],
    ['reviews_photos.csv', 'review_id', 'reviews.csv'],
    ['characteristic_reviews.csv', 'review_id', 'reviews.csv'],
    ['answers.csv', 'question_id', 'questions.csv'],
    ['answers_photos.csv', 'answer_id', 'answers.csv'],
  ]
  for (const [name, key, parent] of parents) {
    const parentIds = new Set(column(parent, 'id'))
    const orphans = column(name, key).filter((id) => !parentIds.has(id)).length
    expect(orphans, name).toBeGreaterThan(0)
    expect(orphans, name).toBeLessThan(1 + tables[name].length / 1000)
  }
})

test('has a price of 500 000 000', () => {
  expect(column('product.csv', 'default_price')).toContain('500000000')
})
