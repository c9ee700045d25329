import * as z from 'zod'
import { expect, test } from 'vitest'
import { useFixture } from '../../../db/test/database.ts'
import { respond } from '../../../handlers/endpoint.ts'
import { endpoints } from '../../../handlers/index.ts'
import { isRead, operations } from '../../operations.ts'
import { compile } from './schema.ts'

const fixture = useFixture()

const reads = [...new Set(operations.filter(isRead).map(({ id }) => id))]

test.for(reads)('takes what %s answers', async (id) => {
  const endpoint = endpoints[id]
  const answer = JSON.parse((await respond(endpoint, fixture.db, endpoint.example)) as string) as unknown
  expect(compile(z.toJSONSchema(endpoint.output) as object)(answer)).toBe(true)
})

const price = z.string().regex(/^\d+\.\d\d$/)
const style = z.object({ id: z.int(), price: price.nullable(), sizes: z.record(z.enum(['S', 'M']), z.boolean()) })
const check = compile(z.toJSONSchema(z.array(style)) as object)
const right = { id: 1, price: '1.00', sizes: { S: true } }

test('takes an object with the keys of the schema in their order, and null where it may be', () => {
  expect(check([])).toBe(true)
  expect(check([right])).toBe(true)
  expect(check([{ ...right, price: null }])).toBe(true)
})

test.for([
  ['nothing', undefined],
  ['another type', [{ ...right, id: '1' }]],
  ['a fraction', [{ ...right, id: 1.5 }]],
  ['a text of another pattern', [{ ...right, price: '1' }]],
  ['another key', [{ ...right, more: 1 }]],
  ['a missing key', [{ id: 1, price: '1.00' }]],
  ['another order of keys', [{ price: '1.00', id: 1, sizes: {} }]],
  ['a name that is none', [{ ...right, sizes: { L: true } }]],
  ['a value of another type', [{ ...right, sizes: { S: 1 } }]],
  ['an object for a list', { 0: right }],
] as const)('refuses %s', ([, value]) => {
  expect(check(value)).toBe(false)
})
