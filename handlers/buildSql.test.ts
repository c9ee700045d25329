import fc from 'fast-check'
import { expect, test } from 'vitest'
import { command, lookup } from './database.ts'
import { useFixture } from '../db/test/database.ts'

const fixture = useFixture()

const echo = lookup({ whole: 'int', large: 'bigint', flag: 'boolean', words: 'text', document: 'json' })<object>`
  select n, row_to_json(keys) as answer from keys`

const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))

test('a key reaches PostgreSQL to the letter, whatever its text', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        whole: fc.integer(),
        large: fc.maxSafeInteger(),
        flag: fc.boolean(),
        words: fc.oneof(storable, fc.constantFrom('', 'null', '{}', '\\', '"', '{"a","b"}', '\\N', ' padded ')),
        document: fc.oneof(fc.array(storable), fc.dictionary(storable, fc.integer()), fc.constant(null)),
      }),
      async (key) => {
        expect(JSON.parse(await fixture.db.get(echo, key))).toEqual({ ...key, n: 1 })
      },
    ),
    { numRuns: 200 },
  )
})

test('a command keeps its own common table expressions', async () => {
  const twice = command({ whole: 'int' })<number>`
    with doubled as (select n, whole * 2 as answer from keys)
    select n, to_json(answer) as answer from doubled`
  expect(await fixture.db.run(twice, { whole: 21 })).toBe(42)
})

test('common table expressions further in stay where they are', async () => {
  const twice = lookup({ whole: 'int' })<number>`
    select n, (with doubled as (select whole * 2 as answer) select to_json(answer) from doubled) as answer from keys`
  expect(await fixture.db.get(twice, { whole: 21 })).toBe('42')
})

test('a key that no row answers is undefined', async () => {
  const nothing = lookup({ whole: 'int' })<undefined>`select n, null as answer from keys where false`
  expect(await fixture.db.get(nothing, { whole: 1 })).toBeUndefined()
})
