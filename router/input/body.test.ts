import { expect, test } from 'vitest'
import { readJson } from './body.ts'
import { httpFailures } from '../../handlers/failure.ts'

const limit = 65_536
const bytesOf = (text: string) => new TextEncoder().encode(text)
const request = (body: string | ReadableStream<Uint8Array> | null, headers: Readonly<Record<string, string>> = {}) =>
  new Request('http://shop.example/', { method: 'POST', headers, body, duplex: 'half' })

/** A body in pieces, which breaks off where one is an error. */
const pieces = (...all: readonly (Uint8Array | Error)[]) => {
  const rest = [...all]
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const next = rest.shift()
      if (next === undefined) return controller.close()
      if (next instanceof Error) return controller.error(next)
      controller.enqueue(next)
    },
  })
}
/** The two ways of a body: its length told before, or not. */
const both = (text: string) => [
  request(text, { 'content-length': String(bytesOf(text).length) }),
  request(pieces(bytesOf(text))),
]

test.each([['{"a":[1,"b",null,true]}'], ['[]'], ['7'], ['null'], ['"text"'], [' \n{"a":{}} ']])(
  'reads %s',
  async (text) => {
    for (const each of both(text)) expect(await readJson(each)).toEqual(JSON.parse(text))
  },
)

test('an empty body, and one of blanks, is an empty object', async () => {
  for (const text of ['', ' \n\t']) for (const each of both(text)) expect(await readJson(each)).toEqual({})
  expect(await readJson(request(null))).toEqual({})
})

test.each(['{', '{a:1}', "{'a':1}", 'undefined', '1 2'])('%s is malformed', async (text) => {
  for (const each of both(text)) expect(await readJson(each)).toBe(httpFailures.malformedBody)
})

test('a character that is cut by the end of a piece is read whole, and one that is cut by the end of all is replaced', async () => {
  const text = bytesOf('"\u{1F9E5}"')
  for (let at = 0; at <= text.length; at += 1) {
    expect(await readJson(request(pieces(text.subarray(0, at), text.subarray(at))))).toBe('\u{1F9E5}')
  }
  expect(await readJson(request(pieces(bytesOf('"'), Uint8Array.of(0xf0, 0x9f), bytesOf('"'))))).toBe('\uFFFD')
  expect(await readJson(request(pieces(bytesOf('7'), Uint8Array.of(0xf0))))).toBe(httpFailures.malformedBody)
})

test('a body may have 64 KiB and no byte more, in one piece or in many', async () => {
  const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
  for (const each of both(text(limit))) expect(await readJson(each)).toHaveLength(limit - 2)
  for (const each of both(text(limit + 1))) expect(await readJson(each)).toBe(httpFailures.bodyTooLarge)
  const many = (last: number) =>
    pieces(...Array.from({ length: 16 }, () => bytesOf(' '.repeat(4095))), bytesOf('1'.padEnd(last)))
  expect(await readJson(request(many(16)))).toBe(1)
  expect(await readJson(request(many(17)))).toBe(httpFailures.bodyTooLarge)
})

test('no more than 64 KiB are taken in of a body that does not say how long it is', async () => {
  let taken = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      taken += 4096
      controller.enqueue(bytesOf(' '.repeat(4096)))
      if (taken > 4 * limit) controller.close()
    },
  })
  expect(await readJson(request(endless))).toBe(httpFailures.bodyTooLarge)
  expect(taken).toBeLessThanOrEqual(limit + 2 * 4096)
})

test('a length that says too much, or too little, does not help', async () => {
  expect(await readJson(request('1', { 'content-length': String(limit + 1) }))).toBe(httpFailures.bodyTooLarge)
  expect(await readJson(request(' '.repeat(limit + 1), { 'content-length': '5' }))).toBe(httpFailures.bodyTooLarge)
})

test('a body that breaks off is malformed, and so is one that was read before', async () => {
  expect(await readJson(request(pieces(bytesOf('{}'), new Error('reset'))))).toBe(httpFailures.malformedBody)
  const read = request('{}', { 'content-length': '2' })
  await read.text()
  expect(await readJson(read)).toBe(httpFailures.malformedBody)
})

test('what nests eight deep is read, and nothing that nests deeper', async () => {
  const nest = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const text = (depth: number) => nest(depth, open, close).replace(':}', ':1}')
    for (const each of both(text(8))) expect(await readJson(each)).toEqual(JSON.parse(text(8)))
    for (const each of both(text(9))) expect(await readJson(each)).toBe(httpFailures.malformedBody)
    for (const each of both(`[1,${text(8)}]`)) expect(await readJson(each)).toBe(httpFailures.malformedBody)
  }
})

test.each(['__proto__', 'constructor', 'prototype'])('the key %s is refused at any place', async (key) => {
  for (const text of [`{"${key}":1}`, `{"a":[{"${key}":null}]}`, `[1,{"b":{"${key}":{}}}]`]) {
    for (const each of both(text)) expect(await readJson(each)).toBe(httpFailures.malformedBody)
  }
  expect(await readJson(request(`["${key}",{"_${key}":"${key}"}]`))).toEqual([key, { [`_${key}`]: key }])
})
