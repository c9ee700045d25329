import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSql } from './buildSql.ts'
import { command, lookup } from './database.ts'
import { useFixture } from '../db/test/database.ts'

const fixture = useFixture()

const columns = { whole: 'int', large: 'bigint', flag: 'boolean', words: 'text', document: 'json' } as const
const written = command(columns)<object>`select n, row_to_json(keys) as answer from keys`
const { words, ...scalars } = columns
const read = lookup({ words }, scalars)<object>`
  select key, json_build_object(
    'whole', $whole, 'large', $large, 'flag', $flag, 'words', key, 'document', $document
  ) as answer
  from unnest($keys) as key`

const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
const key = fc.record({
  whole: fc.integer(),
  large: fc.maxSafeInteger(),
  flag: fc.boolean(),
  words: fc.oneof(storable, fc.constantFrom('', 'null', '{}', '\\', '"', '{"a","b"}', '\\N', ' padded ')),
  document: fc.oneof(fc.array(storable), fc.dictionary(storable, fc.integer()), fc.constant(null)),
})

test('a key reaches PostgreSQL to the letter, whatever its text', async () => {
  await fc.assert(
    fc.asyncProperty(key, async (key) => {
      expect(await fixture.db.run(written, key)).toEqual({ ...key, n: 1 })
      expect(JSON.parse(String(await fixture.db.get(read, key)))).toEqual(key)
    }),
    { numRuns: 200 },
  )
})

test('the SQL of a lookup takes an array of keys, and each scalar of the first', () => {
  const page = lookup({ id: 'int' }, { skip: 'int', unit: 'text' })<object>`
    select id as key, $unit as answer from things where id = any($keys) offset $skip`
  const keys = [1, 2].map((id) => ({ id, skip: 5, unit: '"cm"' }))
  expect(buildSql(page, keys)).toEqual({
    text: 'select id as key, $3::text::text as answer from things where id = any($1::int[]) offset $2::text::int',
    parameters: ['{1,2}', '5', '"cm"'],
  })
})

test('a name that a lookup does not declare, or does not use, is refused where it is declared', () => {
  const declare = lookup({ id: 'int' }, { skip: 'int' })
  expect(() => declare`select $keys, $skip, $take`).toThrow(
    'A lookup must use $keys, $skip and no other name: $take in\nselect $keys, $skip, $take',
  )
  expect(() => declare`select $keys`).toThrow('A lookup must use $keys, $skip and no other name: $skip in')
  expect(() => declare`select $skip`).toThrow('A lookup must use $keys, $skip and no other name: $keys in')
})

test('a command keeps its own common table expressions', async () => {
  const twice = command({ whole: 'int' })<number>`
    with doubled as (select n, whole * 2 as answer from keys)
    select n, to_json(answer) as answer from doubled`
  expect(await fixture.db.run(twice, { whole: 21 })).toBe(42)
})

test('common table expressions further in stay where they are', async () => {
  const twice = command({ whole: 'int' })<number>`
    select n, (with doubled as (select whole * 2 as answer) select to_json(answer) from doubled) as answer from keys`
  expect(await fixture.db.run(twice, { whole: 21 })).toBe(42)
})

test('a key that no row answers is undefined', async () => {
  const nothing = lookup({ whole: 'int' })<number>`select key, null as answer from unnest($keys) as key where false`
  expect(await fixture.db.get(nothing, { whole: 1 })).toBeUndefined()
})
