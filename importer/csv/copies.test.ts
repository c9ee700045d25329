import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { contentOf, productsOf, useImporter } from '../test/importer.ts'

const importer = useImporter()

/** Rewrites each file of a folder with a function of its columns and rows. */
const rewritten = async (folder: string, write: (columns: string[], rows: string[][], name: string) => string) => {
  const files: Record<string, string> = {}
  for (const name of await readdir(folder)) {
    // The quotes that generated photos lack are added: Papa would take rows for one.
    const text = (await readFile(join(folder, name), 'utf8')).replaceAll(/=300$/gm, '=300"')
    const [columns = [], ...rows] = Papa.parse<string[]>(text.trim(), { newline: '\n' }).data
    files[name] = write(columns, rows, name)
  }
  return files
}

const olderOf = (columns: string[], rows: string[][], name: string): string => {
  const older = rows.map((row, index) =>
    row.map((cell, at) => {
      const column = columns[at] ?? ''
      if (column.startsWith('date')) return new Date(Number(cell)).toISOString().slice(0, index % 2 === 0 ? 10 : 24)
      if (column === 'response' && cell === 'null' && index % 2 === 0) return ''
      if (name !== 'reviews.csv' || index % 2 === 0) return cell
      return /^re(commend|ported)$/.test(column) ? String(Number(cell === 'true')) : cell
    }),
  )
  const quotes = columns.map((column) => /^date|name|body/.test(column))
  return `${columns.join(', ')}\n${Papa.unparse(older, { newline: '\n', quotes })}`
}

const spreadsheetOf = (columns: string[], rows: string[][]): string => {
  const saved = rows.map((row) => row.map((cell) => (/^(true|false)$/.test(cell) ? cell.toUpperCase() : cell)))
  return `\uFEFF${Papa.unparse([columns, ...saved], { newline: '\r\n' })}\r\n\r\n`
}

test.each([
  ['an older generation', olderOf],
  ['spreadsheet copies', spreadsheetOf],
])('%s of all files import as the files do, with the same rejects', async (_, write) => {
  const folder = await importer.generate(60)
  const { report, rejects } = await importer.load(folder)
  const content = await contentOf(importer.sql)
  const { 'characteristic_reviews.csv': joined = '', ...files } = await rewritten(folder, write)
  await importer.empty()
  const copied = await importer.run({ ...files, 'characteristics_reviews.csv': joined })
  expect(await contentOf(importer.sql)).toEqual(content)
  expect(copied.rejects).toEqual(
    rejects.map(([file, ...reject]) => [
      file === 'characteristic_reviews.csv' ? 'characteristics_reviews.csv' : file,
      ...reject,
    ]),
  )
  expect(Object.keys(copied.report)).toHaveLength(14)
  for (const { file, read, loaded, rejected } of Object.values(copied.report)) {
    const name = file === 'characteristics_reviews.csv' ? 'characteristic_reviews.csv' : file
    expect({ read, loaded }).toEqual({ read: report[name]?.read, loaded: read - rejected })
  }
})

test('files that are packed, in whatever case their names are, import as the files do', async () => {
  const folder = await importer.generate(60)
  const { rejects } = await importer.load(folder)
  const content = await contentOf(importer.sql)
  await importer.empty()
  const names = await readdir(folder)
  const packed = await Promise.all(
    names.map(async (name) => [`${name.toUpperCase()}.gz`, gzipSync(await readFile(join(folder, name)))] as const),
  )
  const copied = await importer.run(Object.fromEntries(packed), { threadsAbove: 0, batchBytes: 1000 })
  expect(await contentOf(importer.sql)).toEqual(content)
  expect(copied.rejects).toEqual(rejects.map(([file = '', ...reject]) => [`${file.toUpperCase()}.gz`, ...reject]))
})

describe('an older generation of the files', () => {
  test('has blanks in its headers, ISO days, mixed booleans, an empty response and another name for a file', async () => {
    const { report, rejects } = await importer.run({
      'product.csv': productsOf(1),
      'reviews.csv':
        'id, product_id, rating, date, summary, body, recommend, reported, reviewer_name, reviewer_email, response, helpfulness\n' +
        '1,1,5,"2019-01-01","a","b",1,0,"ann","ann@example.com","",8\n' +
        '2,1,4,"2019-01-02T00:00:00.000Z","a","b",true,"false","bob","bob@example.com",,8\n' +
        '3,1,4,"2019-01-03","a","b",TRUE,1,"eve","eve@example.com",null,8',
      'characteristics.csv': 'id, product_id, name\n1,1,"Fit"',
      'characteristics_reviews.csv': 'id, characteristic_id, review_id, value\n1,1,1,4',
    })
    expect(rejects).toEqual([])
    expect(report['characteristics_reviews.csv']).toMatchObject({ table: 'characteristic_reviews', loaded: 1 })
    expect(await importer.stored('reviews', 'date::text, recommend, reported, response', 'review_id')).toEqual([
      ['2019-01-01', true, false, null],
      ['2019-01-02', true, false, null],
      ['2019-01-03', true, true, null],
    ])
  })
})

describe('a copy that a spreadsheet saved', () => {
  test('has a byte-order mark, CRLF, lost quotes, capital booleans and empty lines at its end', async () => {
    const { report, rejects } = await importer.run({
      'product.csv': `\uFEFF${productsOf(1).replaceAll('"', '').replaceAll('\n', '\r\n')}\r\n\r\n`,
      'styles.csv':
        '\uFEFFid,productId,name,sale_price,original_price,default_style\r\n1,1,"Green, dark",null,140,TRUE\r\n2,1,Blue,99.5,140,0\r\n',
      'features.csv':
        '\uFEFFid,product_id,feature,value\r\n1,1,Fabric,null\r\n2,1,Lining,"two\nlines"\r\n3,1,Size,6" wide\r\n',
    })
    expect(rejects).toEqual([])
    expect(report['product.csv']).toMatchObject({ read: 1, loaded: 1 })
    expect(await importer.stored('styles', 'name, sale_price::text, default_style', 'style_id')).toEqual([
      ['Green, dark', null, true],
      ['Blue', '99.50', false],
    ])
    expect(await importer.stored('features', 'value', 'feature_id')).toEqual([[null], ['two\nlines'], ['6" wide']])
  })

  test('loses the days whose milliseconds it shortened, which are rejected', async () => {
    const { rejects } = await importer.run({
      'product.csv': productsOf(1),
      'questions.csv':
        'id,product_id,body,date_written,asker_name,asker_email,reported,helpful\r\n1,1,Warm?,1.59588E+12,eve,eve@example.com,0,1\r\n',
    })
    expect(rejects).toEqual([
      [
        'questions.csv',
        '2',
        'date_written',
        '1.59588E+12',
        expect.stringMatching(/^A spreadsheet shortened this number/),
      ],
    ])
  })
})

test.each([
  ['LF, and its rows in CRLF', '\n', '\r\n'],
  ['CRLF, and its rows in LF', '\r\n', '\n'],
])('a file whose header ends in %s keeps no line end in its values', async (_, below, between) => {
  const file = (header: string, ...rows: string[]) => header + below + rows.join(between) + between
  const { rejects } = await importer.run({
    'product.csv': productsOf(1),
    'features.csv': file('id,product_id,feature,value', '1,1,"Fit",null', '2,1,"Cut","two\r\nlines"', '3,1,Sole,Crepe'),
    'characteristics.csv': file('id,product_id,name', '1,1,Fit', '2,1,"Size"'),
  })
  expect(rejects).toEqual([])
  expect(await importer.stored('features', 'value', 'feature_id')).toEqual([[null], ['two\r\nlines'], ['Crepe']])
  expect(await importer.stored('characteristics', 'name', 'characteristic_id')).toEqual([['Fit'], ['Size']])
})

test('a closing quote that is missing is added, told and counted, and every row below is loaded', async () => {
  const lines = Array.from(
    { length: 300 },
    (_, index) => `${index + 1},1,"https://p/${index + 1}","https://t/${index + 1}"`,
  )
  lines[47] = lines[47]?.slice(0, -1) ?? ''
  const { report, rejects } = await importer.run({
    'product.csv': productsOf(1),
    'styles.csv': 'id,productId,name,sale_price,original_price,default_style\n1,1,"Green",null,140,1',
    'photos.csv': ['id,styleId,url,thumbnail_url', ...lines].join('\n'),
  })
  expect(rejects).toEqual([])
  expect(report['photos.csv']).toMatchObject({ read: 300, loaded: 300, repaired: 1, repairs: [49] })
  expect(await importer.stored('photos', 'url, thumbnail_url', 'photo_id')).toEqual(
    lines.map((_, index) => [`https://p/${index + 1}`, `https://t/${index + 1}`]),
  )
})

test('a copy that is not UTF-8 loses the rows that show it, which are rejected', async () => {
  const { report, rejects } = await importer.run({
    'product.csv': productsOf(1),
    'features.csv': Buffer.from('id,product_id,feature,value\n1,1,Fabric,Canvas\n2,1,Fabric,Caf\xe9', 'latin1'),
  })
  expect(report['features.csv']).toMatchObject({ read: 2, loaded: 1, rejected: 1 })
  expect(rejects).toEqual([
    ['features.csv', '3', 'value', 'Caf\uFFFD', expect.stringMatching(/save the file as UTF-8\.$/)],
  ])
})

test('two files of one table are both loaded', async () => {
  const { report } = await importer.run({
    'product.csv': productsOf(1),
    'reviews.csv':
      'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness\n' +
      '1,1,5,1596080481467,"a","b",true,false,"ann",null,null,8',
    'characteristics.csv': 'id,product_id,name\n1,1,"Fit"',
    'characteristic_reviews.csv': 'id,characteristic_id,review_id,value\n1,1,1,4',
    'characteristics_reviews.csv': 'id,characteristic_id,review_id,value\n2,1,1,5',
  })
  expect(report['characteristic_reviews.csv']).toMatchObject({ loaded: 1 })
  expect(report['characteristics_reviews.csv']).toMatchObject({ loaded: 1 })
  expect(await importer.stored('review_totals', 'votes::text, totals::text', '1')).toEqual([['{2}', '{9}']])
})
