import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Files } from '../test/importer.ts'
import { describeMissingFiles, readFolder, selectFiles } from './files.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'atelierx-folder-'))
})
afterAll(() => rm(root, { recursive: true }))

const folderOf = async (files: Files): Promise<string> => {
  const folder = await mkdtemp(join(root, 'files-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}
const read = async (files: Files) => readFolder(await folderOf(files))

const skus = 'id,styleId,size,quantity\n'
const related = 'id,current_product_id,related_product_id\n'

describe('files', () => {
  test('are found whatever the case of their names, packed or not, parents first', async () => {
    const { files, leftOut } = await read({
      'SKUS.CSV': skus,
      'Related.csv.gz': gzipSync(related),
      'PRODUCT.csv.GZ': gzipSync('id,name,slogan,description,category,default_price\n'),
      '.DS_Store': 'x',
    })
    expect(files.map(({ name, table }) => [name, table.name])).toEqual([
      ['PRODUCT.csv.GZ', 'products'],
      ['SKUS.CSV', 'skus'],
      ['Related.csv.gz', 'related'],
    ])
    expect(leftOut).toEqual([])
  })

  test('that are there twice, packed or in another case, are refused', async () => {
    await expect(read({ 'skus.csv': skus, 'Skus.CSV.gz': gzipSync(skus) })).rejects.toThrow(
      /holds both .*kus\.\w+(\.gz)? and .*kus\.\w+(\.gz)?: leave one of them, as both are skus\.csv\.$/,
    )
  })

  test('are picked by a list of names, of files or of tables, in any case', async () => {
    const { files } = await read({ 'SKUS.csv.gz': gzipSync(skus), 'related.csv': related })
    const picked = (list?: string) => selectFiles(files, list).map(({ name }) => name)
    expect(picked()).toEqual(['SKUS.csv.gz', 'related.csv'])
    for (const list of ['skus', 'SKUS.csv', ' skus.csv.gz ']) expect(picked(list)).toEqual(['SKUS.csv.gz'])
    expect(picked('related,skus')).toEqual(['SKUS.csv.gz', 'related.csv'])
    expect(() => picked('skus,cart')).toThrow(
      '--only names cart, which is not in the folder: it holds SKUS.csv.gz, related.csv.',
    )
  })

  test('that a whole data set has and a folder lacks are named with their tables', async () => {
    const { files } = await read({ 'skus.csv': skus, 'related.csv': related })
    const missing = describeMissingFiles(files)
    expect(missing).toHaveLength(12)
    expect(missing[0]).toBe('product.csv is missing: --fresh leaves products empty.')
    expect(missing.join(' ')).not.toMatch(/skus\.csv|related\.csv|characteristics_reviews/)
  })
})

describe('what is left out', () => {
  test.each([
    ['products.csv', 'did you mean product.csv?'],
    ['Review.csv', 'did you mean reviews.csv?'],
    ['answer-photos.csv', 'did you mean answers_photos.csv?'],
    ['reviews (1).csv', 'did you mean reviews.csv?'],
    ['reviews - Copy.csv', 'did you mean reviews.csv?'],
    ['reviews_photos_old.csv.gz', 'did you mean reviews_photos.csv?'],
    ['style.txt', 'did you mean styles.csv?'],
    ['skus', 'did you mean skus.csv?'],
    ['questions.xlsx', 'save the sheet as CSV, named questions.csv.'],
    ['questions.csv.zip', 'unpack it, or pack it with gzip as questions.csv.gz.'],
    ['notes.txt', 'no file that can be imported has this name.'],
    ['car', 'did you mean cart.csv?'],
    ['ca', 'no file that can be imported has this name.'],
    ['rewiewz.csv', 'did you mean reviews.csv?'],
    ['rewyewz.csv', 'no file that can be imported has this name.'],
    ['1.csv', 'no file that can be imported has this name.'],
  ])('%s is named, with what it might be', async (name, what) => {
    const { leftOut } = await read({ 'related.csv': related, [name]: 'x' })
    expect(leftOut).toEqual([`${name} is left out: ${what}`])
  })

  test('is named when it lies in a folder below', async () => {
    const { leftOut } = await read({
      'related.csv': related,
      'sub/Reviews.csv.gz': 'x',
      'sub/skus.csv': 'x',
      'sub/x.csv': 'x',
      'other/y': 'x',
    })
    expect(leftOut.toSorted()).toEqual([
      'other/ is left out: it is a folder.',
      'sub/Reviews.csv.gz is left out: it lies in a folder of the folder; move it up.',
      'sub/skus.csv is left out: it lies in a folder of the folder; move it up.',
    ])
  })

  test('is named, too, when no file is there', async () => {
    await expect(read({ 'products.csv': 'x' })).rejects.toThrow(
      /holds none of the files that can be imported: product\.csv, .* products\.csv is left out: did you mean product\.csv\?$/,
    )
  })

  test('is a column that its table has not', async () => {
    const { leftOut, files } = await read({ 'skus.csv': 'ID,colour, StyleID ,size,quantity,\n' })
    expect(leftOut).toEqual(['The column colour of skus.csv is left out: skus has none of that name.'])
    expect(files[0]?.header.columns).toEqual(['id', 'colour', 'styleId', 'size', 'quantity', ''])
  })
})

describe('a file is refused', () => {
  const right = 'it must name the columns id, styleId, size, quantity.'
  test.each([
    ['is empty', '', 'skus.csv is empty: its first line must name its columns.'],
    ['lacks columns', 'id,size\n', `The first line of skus.csv lacks styleId, quantity: ${right}`],
    ['has no header', '1,1,"XS",8\n', `The first line of skus.csv names no columns (it is 1,1,"XS",8): ${right}`],
    [
      'names a column twice',
      'id,styleId,size,quantity,SIZE\n',
      'The first line of skus.csv names size twice: leave one of the two columns.',
    ],
    ...(
      [
        [';', 'semicolons'],
        ['\t', 'tabs'],
        ['|', 'bars'],
      ] as const
    ).map(([delimiter, name]) => [
      `is separated by ${name}`,
      `${skus.replaceAll(',', delimiter)}1`,
      `The first line of skus.csv is separated by ${name}: save the file with commas, and prices with a decimal point.`,
    ]),
    [
      'has lines that end in CR alone',
      `${skus.trim()}\r1,1,XS,8\r`,
      /has lines that end in CR alone: save it with LF or CRLF\.$/,
    ],
    ['is UTF-16 with a mark', Buffer.from(`\uFEFF${skus}`, 'utf16le'), /is UTF-16: save it as UTF-8\.$/],
    ['is big-endian UTF-16', Buffer.from(`\uFEFF${skus}`, 'utf16le').swap16(), /is UTF-16: save it as UTF-8\.$/],
    ['is UTF-16 without a mark', Buffer.from(skus, 'utf16le'), /holds NUL characters in its first line/],
    ['is packed and does not say so', gzipSync(skus), /is packed with gzip: give its name the ending \.csv\.gz\.$/],
    ['is a workbook', Buffer.from('PK\x03\x04rest'), /is a ZIP archive or a workbook: unpack it, or save/],
    ['is an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /is a workbook: save the sheet as CSV\.$/],
  ] as [string, string | Buffer, string | RegExp][])('that %s', async (_, content, sentence) => {
    const folder = await folderOf({ 'skus.csv': content })
    const told = await readFolder(folder).then(
      () => 'nothing',
      (error: Error) => error.message.replace(`${folder}/`, ''),
    )
    if (typeof sentence === 'string') expect(told).toBe(sentence)
    else expect(told).toMatch(sentence)
  })

  test.each([
    ['empty', Buffer.alloc(0), /is empty: fetch or pack it again/],
    ['no gzip', Buffer.from(skus), /is no whole gzip file \(incorrect header check\): fetch or pack it again/],
    ['cut off in its header', gzipSync(skus).subarray(0, 15), /is no whole gzip file \(unexpected end of file\)/],
    ['packed twice', gzipSync(gzipSync(skus)), /is packed twice: unpack it once\.$/],
    ['packed from nothing', gzipSync(''), /is empty: its first line/],
  ])('that is named .gz and is %s', async (_, content, sentence) => {
    await expect(read({ 'skus.csv.gz': content })).rejects.toThrow(sentence)
  })
})

test('a byte-order mark, blanks, quotes and CRLF are no part of a name in the header', async () => {
  const { files } = await read({ 'skus.csv': '\uFEFF"id", styleId ," size",quantity\r\n1,1,XS,8\r\n' })
  expect(files[0]?.header.columns).toEqual(['id', 'styleId', 'size', 'quantity'])
})
