import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { productsOf, useImporter } from './test/importer.ts'

const importer = useImporter()
const cli = fileURLToPath(new URL('cli.ts', import.meta.url))

type Ended = { readonly status: number; readonly out: string; readonly err: string }

const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: importer.url, ATELIER_DATA: data }
    const child = execFile(process.execPath, ['--import', 'tsx', cli, ...args], { env }, (_, out, err) =>
      resolve({ status: child.exitCode ?? -1, out, err }),
    )
  })
let data = ''

describe('npm run import', () => {
  test('ends with 0 and shows what became of each file when all rows were loaded', async () => {
    data = await importer.write({})
    const { status, out, err } = await run(await importer.write({ 'product.csv': productsOf(1, 2) }))
    expect(status).toBe(0)
    expect(out).toMatch(/│ file +│ read │ loaded │ rejected │ seconds │/)
    expect(out).toMatch(/│ product\.csv │ +2 │ +2 │ +0 │/)
    expect(out).not.toContain('Rejected')
    expect(err).toMatch(/^product\.csv: 2 read, 2 loaded, 0 rejected, \d+\.\d s$/m)
    expect(await readdir(data)).toEqual([])
  })

  test('ends with 2 and tells where the rejects are when some rows were rejected', async () => {
    data = await importer.write({})
    const folder = await importer.write({ 'product.csv': `${productsOf(1)}\n2,"Jacket","","","Jackets","cheap"` })
    const { status, out } = await run(folder)
    expect(status).toBe(2)
    const [, path = ''] = /^Rejected rows, with reasons: (.+)$/m.exec(out) ?? []
    expect(path.startsWith(join(data, 'rejects'))).toBe(true)
    expect(await readFile(path, 'utf8')).toContain('\r\nproduct.csv,3,default_price,cheap,"Expected a price')
    expect(await importer.sql`select product_id from products`).toEqual([{ product_id: 1 }])
  })

  test('writes the rejects to the file that is named, and tells of what it repaired', async () => {
    const folder = await importer.write({
      'product.csv': productsOf(1),
      'features.csv': 'id,product_id,feature,value\n1,1,"Fabric","Canvas\n2,2,"Fabric","Denim"',
    })
    const { status, out } = await run(folder, '--rejects', join(folder, 'mine.csv'))
    expect(status).toBe(2)
    expect(out).toMatch(/│ features\.csv │ +2 │ +1 │ +1 │ +1 │/)
    expect(out).toContain('features.csv: a closing quote was missing and was added on line 2.')
    expect(await readFile(join(folder, 'mine.csv'), 'utf8')).toContain(
      'features.csv,3,product_id,2,"No row of products',
    )
  })

  test('shows how it is used', async () => {
    const { status, out } = await run('--help')
    expect(status).toBe(0)
    expect(out).toContain('npm run import -- <folder>')
    expect(out).toContain('characteristic_reviews.csv or characteristics_reviews.csv')
  })
})

describe('what can be mended ends with 1 and one line', () => {
  const endsWith = async (args: readonly string[], line: RegExp) => {
    const { status, out, err } = await run(...args)
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err.trimEnd()).toMatch(line)
    expect(err.trimEnd()).not.toContain('\n')
  }

  test('no folder, or more than one', async () => {
    await endsWith([], /^Name one folder/)
    await endsWith(['a', 'b'], /^Name one folder/)
  })

  test('an unknown flag, or one without its value', async () => {
    await endsWith(['--fast', 'a'], /^Unknown option '--fast'.*--help/)
    await endsWith(['a', '--rejects'], /^Option '--rejects <value>' argument missing.*--help/)
  })

  test('a folder that is not there, or is a file', async () => {
    const folder = await importer.write({})
    await endsWith([join(folder, 'gone')], /^The folder .*gone cannot be read \(ENOENT\)/)
    await writeFile(join(folder, 'product.csv'), productsOf(1))
    await endsWith([join(folder, 'product.csv')], /product\.csv is a file: name the folder/)
  })

  test('a folder with none of the files', async () => {
    const folder = await importer.write({ 'clients.csv': 'id\n1' })
    await endsWith(
      [folder],
      /holds none of the files that can be imported: product\.csv, features\.csv, .*answers_photos\.csv\. clients\.csv is left out: no file/,
    )
  })

  test('a header that lacks columns, before anything is loaded', async () => {
    const questions = 'id;product_id;body\n1;1;Warm?'
    await endsWith(
      [await importer.write({ 'product.csv': productsOf(1), 'questions.csv': questions })],
      /^The first line of .*questions\.csv is separated by semicolons: save the file with commas/,
    )
    await endsWith([await importer.write({ 'product.csv': '' })], /product\.csv is empty: its first line must name/)
    expect(await importer.sql`select * from products`).toEqual([])
  })

  test('a place where the rejects cannot be written', async () => {
    const folder = await importer.write({ 'product.csv': `${productsOf(1)}\nx` })
    const { status, err } = await run(folder, '--rejects', folder)
    expect(status).toBe(1)
    expect(err).toMatch(/^The rejects cannot be written to /m)
  })
})
