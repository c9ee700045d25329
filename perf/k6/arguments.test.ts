import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('a profile says how long it is measured, unless the command line does', () => {
  expect(readArguments(['soak'])).toMatchObject({ name: 'soak', seconds: 600, products: 1000, pick: '' })
  expect(readArguments(['soak', '--duration', '3600'])).toMatchObject({ seconds: 3600 })
})

test('an address is taken with its path and without its last slash', () => {
  expect(readArguments(['local', '--url', 'https://shop.example/api/'])).toMatchObject({
    url: 'https://shop.example/api',
  })
})

test.for([
  [[], /^Name one profile: local, single,/],
  [['marathon'], /^Name one profile: /],
  [['toString'], /^Name one profile: /],
  [['single', 'cached'], /^Name one profile: /],
  [['single', '--fast'], /^Unknown option '--fast': npm run perf -- --help/],
  [['single', '--products', '-1'], /--products/],
  [['single', '--duration', '1e3'], /^--duration is 1e3: give it a whole number from 1\.$/],
  [['single', '--url', 'localhost'], /^--url takes an address/],
  [['single', '--url', 'ftp://127.0.0.1'], /^--url takes an address/],
  [['single', '--pick', 'getAll'], /^--pick getAll leaves nothing of listProducts, /],
] as const)('%j is refused with the fix', ([words, line]) => {
  expect(() => readArguments(words)).toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringMatching(line) }),
  )
})

test('a password in an address is not repeated', () => {
  expect(() => readArguments(['single', '--url', 'http://me:secret@127.0.0.1'])).toThrow(/^(?!.*secret)/)
})
