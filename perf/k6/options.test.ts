import { expect, test } from 'vitest'
import { readOrder } from './options.ts'

test('a profile says how long it is measured, unless the command line does', () => {
  expect(readOrder(['soak'])).toMatchObject({ name: 'soak', seconds: 600, warmup: 10, products: 1000, endpoint: '' })
  expect(readOrder(['soak', '--duration', '3600', '--warmup', '0'])).toMatchObject({ seconds: 3600, warmup: 0 })
})

test('an address is taken with its path and without its last slash', () => {
  expect(readOrder(['local', '--url', 'https://shop.example/api/'])).toMatchObject({
    address: 'https://shop.example/api',
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
  [['single', '--endpoint', 'getAll'], /^--endpoint is getAll: there are getProduct, /],
] as const)('%j is refused with the fix', ([words, line]) => {
  expect(() => readOrder(words)).toThrow(
    expect.objectContaining({ name: 'Problem', message: expect.stringMatching(line) }),
  )
})

test('a password in an address is not repeated', () => {
  expect(() => readOrder(['single', '--url', 'http://me:secret@127.0.0.1'])).toThrow(/^(?!.*secret)/)
})
