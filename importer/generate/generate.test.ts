import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../../db/commandLine.ts'
import { fileNames, headerLine, recordCount, type FileName } from './files.ts'
import { tables } from '../tables/index.ts'
import { generate } from './generate.ts'

const products = 2000

let folder: string
let records: Readonly<Record<FileName, number>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generate-'))
  records = await generate(join(folder, 'new', 'one'), { products, seed: 1 })
})

afterAll(() => rm(folder, { recursive: true }))

const read = (name: FileName, set = 'new/one') => readFile(join(folder, set, name), 'utf8')

const hashes = (set: string) =>
  Promise.all(
    fileNames.map(async (name) =>
      createHash('sha256')
        .update(await read(name, set))
        .digest('hex'),
    ),
  )

test('writes the same bytes for the same seed, and others for another', async () => {
  for (const [set, seed] of [
    ['a', 7],
    ['b', 7],
    ['c', 8],
  ] as const)
    await generate(join(folder, set), { products: 150, seed })
  expect(await hashes('b')).toEqual(await hashes('a'))
  const others = await hashes('c')
  const same = (await hashes('a')).filter((hash) => others.includes(hash))
  expect(same, 'only the cart does not depend on the seed').toHaveLength(1)
})

test('overwrites what an earlier run left', async () => {
  await generate(join(folder, 'again'), { products: 50, seed: 1 })
  await generate(join(folder, 'again'), { products: 20, seed: 1 })
  await generate(join(folder, 'fresh'), { products: 20, seed: 1 })
  expect(await hashes('again')).toEqual(await hashes('fresh'))
})

test('has a file for each table that is imported, with the columns of the real files', () => {
  expect(fileNames.toSorted()).toEqual(tables.map(({ files }) => files[0] as FileName).toSorted())
  expect(fileNames.map((name) => `${name}: ${headerLine(name)}`)).toEqual([
    'product.csv: id,name,slogan,description,category,default_price',
    'features.csv: id,product_id,feature,value',
    'styles.csv: id,productId,name,sale_price,original_price,default_style',
    'skus.csv: id,styleId,size,quantity',
    'photos.csv: id,styleId,url,thumbnail_url',
    'related.csv: id,current_product_id,related_product_id',
    'cart.csv: id,user_session,product_id,active',
    'reviews.csv: id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness',
    'reviews_photos.csv: id,review_id,url',
    'characteristics.csv: id,product_id,name',
    'characteristic_reviews.csv: id,characteristic_id,review_id,value',
    'questions.csv: id,product_id,body,date_written,asker_name,asker_email,reported,helpful',
    'answers.csv: id,question_id,body,date_written,answerer_name,answerer_email,reported,helpful',
    'answers_photos.csv: id,answer_id,url',
  ])
})

test('begins every file with its header, and ends it without a line end', async () => {
  for (const name of fileNames) {
    const text = await read(name)
    expect(text.startsWith(`${headerLine(name)}\n`), name).toBe(true)
    expect(text.endsWith('\n'), name).toBe(false)
    expect(text.split('\n').length - 1, name).toBe(records[name])
  }
})

test('gives every file its part of the records, the ratings nearly and all others exactly', () => {
  for (const name of fileNames) {
    const part = recordCount(name, products)
    if (name === 'characteristic_reviews.csv') expect(Math.abs(records[name] / part - 1)).toBeLessThan(0.05)
    else expect(records[name], name).toBe(part)
  }
})

const number = '\\d+'
const text = '"[^"]*"'
const textOrNull = `(?:${text}|null)`
const numberOrNull = '(?:\\d+|null)'
const bit = '[01]'
const truth = '(?:true|false)'
const moment = '1[56]\\d{11}'
const url = '"https://[^"]{100,140}"'

const forms: Readonly<Record<FileName, readonly string[]>> = {
  'product.csv': [number, text, text, text, text, number],
  'features.csv': [number, number, text, textOrNull],
  'styles.csv': [number, number, text, numberOrNull, number, bit],
  'skus.csv': [number, number, text, number],
  'photos.csv': [number, number, url, '"u?https://[^"]{100,140}(?:"|$)'],
  'related.csv': [number, number, number],
  'cart.csv': [number, number, number, bit],
  'reviews.csv': [number, number, '[1-5]', moment, text, text, truth, truth, text, text, textOrNull, number],
  'reviews_photos.csv': [number, number, url],
  'characteristics.csv': [number, number, '"(?:Size|Width|Comfort|Fit|Length|Quality)"'],
  'characteristic_reviews.csv': [number, number, number, '[1-5]'],
  'questions.csv': [number, number, text, moment, text, text, bit, number],
  'answers.csv': [number, number, text, moment, text, textOrNull, bit, number],
  'answers_photos.csv': [number, number, url],
}

test('writes every cell in the form that the real files have', async () => {
  for (const name of fileNames) {
    const form = new RegExp(`^${forms[name].join(',')}$`)
    const wrong = (await read(name)).split('\n').find((row, line) => line > 0 && !form.test(row))
    expect(wrong, name).toBeUndefined()
  }
})

test('reads back, once the quotes of two photos are mended, and gives no id twice', async () => {
  for (const name of fileNames) {
    const mended = (await read(name)).replaceAll(/=300$/gm, '=300"')
    const { data, errors } = Papa.parse<{ id: string }>(mended, { header: true })
    expect(errors, name).toEqual([])
    expect(new Set(data.map(({ id }) => id)).size, name).toBe(records[name])
  }
})

test('writes as little as one product, and carts of skus that exist', async () => {
  for (const products of [1, 2, 3, 7]) {
    const set = `tiny${products}`
    const records = await generate(join(folder, set), { products, seed: products })
    expect(records['product.csv']).toBe(products)
    const skus = new Set((await read('skus.csv', set)).split('\n').map((row) => row.split(',')[0]))
    for (const row of (await read('cart.csv', set)).split('\n').slice(1)) expect(skus).toContain(row.split(',')[2])
  }
})

test('reports how many products are done', async () => {
  const seen: number[] = []
  await generate(join(folder, 'seen'), { products: 1500, seed: 1, progress: (done) => seen.push(done) })
  expect(seen).toEqual([1000, 1500])
})

test('names the folder that it cannot write to', async () => {
  await writeFile(join(folder, 'file'), '')
  const attempt = generate(join(folder, 'file', 'below'), { products: 1, seed: 1 })
  await expect(attempt).rejects.toThrow(UserError)
  await expect(attempt).rejects.toThrow(/^Cannot write to .*below: a part of the path is a file/)
})
