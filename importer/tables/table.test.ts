import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { boolean, id, text } from '../columns.ts'
import { readHeader } from '../csv/header.ts'
import { IdSet } from '../csv/parents.ts'
import { readBatches } from '../csv/read.ts'
import { filledColumns, type Table } from './table.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atelierx-table-'))
})
afterAll(() => rm(folder, { recursive: true }))

const table: Table = {
  name: 'notes',
  files: ['notes.csv'],
  columns: { id: ['note_id', id], verified: ['is_verified', boolean, 'false'], note: text },
  parents: [],
}

const read = async (content: string): Promise<unknown[]> => {
  const path = join(folder, 'notes.csv')
  await writeFile(path, content)
  const { size: bytes, mtimeMs: modifiedMs } = await stat(path)
  const file = { name: 'notes.csv', path, bytes, modifiedMs, table, header: await readHeader(path, table) }
  const results: unknown[] = []
  for await (const { rows, rejects } of readBatches(file, { parents: new Map(), ids: new IdSet(), startedAt: '' }))
    results.push(...rows, ...rejects.map(({ line, column }) => `${line} ${column}`))
  return results
}

test('a file may lack a column that has a value for its absence', async () => {
  expect(filledColumns(table)).toEqual(['note_id', 'is_verified', 'note'])
  expect(await read('note,id\nWarm,1\nSoft,2')).toEqual([
    ['1', 'false', 'Warm'],
    ['2', 'false', 'Soft'],
  ])
})

test('a file that has such a column fills it, and its cells are checked', async () => {
  expect(await read('id,note,Verified\n1,Warm,true\n2,Soft,0\n3,Light,maybe\n4,Thin,')).toEqual([
    ['1', 'true', 'Warm'],
    ['2', 'false', 'Soft'],
    '4 verified',
    '5 verified',
  ])
})

test('a file that lacks any other column is refused, and told only the columns that it must have', async () => {
  await expect(read('id,verified\n1,true')).rejects.toThrow(/lacks note: it must name the columns id, note\.$/)
})
