import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from './allocate.ts'

test('allocates every item, and in proportion to the weights', () => {
  const weights = fc.array(fc.double({ min: 0.01, max: 1000, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(weights, fc.nat(10_000), (weights, total) => {
      const weight = (parent: number) => weights[parent - 1] ?? 0
      const next = allocate(total, weights.length, weight)
      const sum = weights.reduce((a, b) => a + b)
      let allocated = 0
      weights.forEach((weight, index) => {
        const count = next(index + 1)
        expect(Math.abs(count - (total * weight) / sum)).toBeLessThan(1.01)
        allocated += count
      })
      expect(allocated).toBe(total)
    }),
  )
})

test('allocates nothing when nobody has a weight', () => {
  expect(allocate(5, 3, () => 0)(1)).toBe(0)
})
