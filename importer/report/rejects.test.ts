import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRejectFile } from './rejects.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-rejects-'))
})
afterAll(() => rm(folder, { recursive: true }))

const reject = (value: string) => ({ file: 'skus.csv', line: 2, column: 'size', value, reason: 'Expected a size.' })

test('is not made when there is nothing to write', async () => {
  const file = createRejectFile(join(folder, 'none/none.csv'))
  await file.write([])
  await file.close()
  expect(file.path).toBe(undefined)
  expect(await readdir(folder)).toEqual([])
})

test('is CSV as a spreadsheet opens it, in a folder that is made if need be', async () => {
  const file = createRejectFile(join(folder, 'some/rejects.csv'))
  await file.write([reject('Grün, "XL"')])
  await file.write([reject('S'), reject('')])
  await file.close()
  expect(file.path).toBe(join(folder, 'some/rejects.csv'))
  expect(await readFile(join(folder, 'some/rejects.csv'), 'utf8')).toBe(
    '\uFEFFfile,line,column,value,reason\r\n' +
      'skus.csv,2,size,"Grün, ""XL""",Expected a size.\r\n' +
      'skus.csv,2,size,S,Expected a size.\r\n' +
      'skus.csv,2,size,,Expected a size.\r\n',
  )
})

test('is readable by its owner alone, also when it was there before', async () => {
  const path = join(folder, 'private', 'rejects.csv')
  const write = async () => {
    const rejects = createRejectFile(path)
    await rejects.write([{ file: 'a.csv', line: 2, column: 'email', value: 'ann@mail.example', reason: 'None.' }])
    await rejects.close()
    return (await stat(path)).mode & 0o777
  }
  const before = process.umask(0)
  try {
    expect(await write()).toBe(0o600)
    await chmod(path, 0o666)
    expect(await write()).toBe(0o600)
  } finally {
    process.umask(before)
  }
})

test('holds no formula and no endless value', async () => {
  const path = join(folder, 'formulas.csv')
  const file = createRejectFile(path)
  await file.write(['=1+1', '=1\n+1', '@now', 'x'.repeat(100_000)].map(reject))
  await file.close()
  const text = await readFile(path, 'utf8')
  expect(text).toContain(`,"'=1+1",`)
  expect(text).toContain(`,"'=1\n+1",`)
  expect(text).toContain(`,"'@now",`)
  expect(text).toContain(`,${'x'.repeat(1000)}…,`)
})

test('is a problem that names the path when it cannot be written', async () => {
  await expect(createRejectFile(join(folder, '\0/rejects.csv')).write([reject('S')])).rejects.toThrow(
    /^The rejects cannot be written to/,
  )
  await expect(createRejectFile(folder).write([reject('S')])).rejects.toThrow(`${folder} (EISDIR`)
})
