import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdSet, ParentIndex } from './parents.ts'

const id = fc.oneof(fc.integer({ min: 1, max: 2_147_483_647 }), fc.integer({ min: 1, max: 3000 }))

test('owners know the last product that was set for each id, and no other', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(id, id), { maxLength: 2000, size: 'max' }), fc.array(id), (pairs, others) => {
      const expected = new Map(pairs)
      const owners = new ParentIndex()
      for (const [row, product] of pairs) owners.set(row, product)
      const shared = new ParentIndex(structuredClone(owners.shared))
      for (const row of [...expected.keys(), ...others]) {
        expect(owners.get(row)).toBe(expected.get(row) ?? 0)
        expect(shared.get(row)).toBe(expected.get(row) ?? 0)
      }
    }),
    { numRuns: 30 },
  )
})

test('a set takes each id once', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 2000, size: 'max' }), (ids) => {
      const set = new IdSet()
      const seen = new Set<number>()
      for (const each of ids) {
        expect(set.add(each)).toBe(!seen.has(each))
        seen.add(each)
      }
    }),
    { numRuns: 30 },
  )
})
