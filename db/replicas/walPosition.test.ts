import { expect, test } from 'vitest'
import { firstPosition, lastPosition, parseWalPosition } from './walPosition.ts'

test('places in the log compare as they lie in it, not as they are written', () => {
  const places = ['0/0', '0/9', '0/A', '0/10', '0/FFFFFFFF', '1/0', '9/0', 'a/1', 'A/2', '10/0', 'FFFFFFFF/FFFFFFFF']
  const read = places.map((text) => parseWalPosition(text) ?? 'none')
  expect(read).toEqual(read.toSorted((one, other) => (one < other ? -1 : 1)))
  expect([read[0], read.at(-1)]).toEqual([firstPosition, lastPosition])
})

test.each(['', '0', '0/', '/0', '0/G', '0x1/0', '-1/0', '1/0/0', '123456789/0', '0/0\n', ' 0/0', '0/0, 1/0'])(
  '%j is no place in the log',
  (text) => {
    expect(parseWalPosition(text)).toBeUndefined()
  },
)
