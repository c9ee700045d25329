import { expect, test, vi } from 'vitest'
import { readCommandLine } from './commandLine.ts'

const read = (...args: string[]) =>
  readCommandLine(
    'npm run bench -- <shop> [options]',
    'Measures.',
    {
      rounds: { about: 'measurements', default: 3, max: 100 },
      skip: { about: 'measurements left out', default: Infinity, min: 0 },
      pick: { about: 'what is measured', default: '' },
      latency: { about: 'how long it takes', default: false },
    },
    args,
  )

test('takes values of the type of the defaults, and other words', () => {
  expect(read('shop', '--rounds', '5', '--latency')).toEqual({
    values: { rounds: 5, skip: Infinity, pick: '', latency: true },
    words: ['shop'],
  })
})

test('explains itself', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue()
  expect(read('--help')).toBeUndefined()
  expect(log.mock.calls[0]?.[0]).toMatch(
    /^npm run bench .*Measures\..*--rounds N +measurements \(3\)\n.*--latency +how/s,
  )
  log.mockRestore()
})

test.for([
  [['--fast'], "Unknown option '--fast': npm run bench -- --help shows what there is."],
  [['--rounds', '0'], '--rounds is 0: give it a whole number from 1 to 100.'],
  [['--rounds', '1e3'], '--rounds is 1e3: give it a whole number from 1 to 100.'],
  [['--rounds', '101'], '--rounds is 101: give it a whole number from 1 to 100.'],
  [['--skip', 'none'], '--skip is none: give it a whole number from 0.'],
  [['--rounds', '-1'], /--rounds/],
] as const)('%j is refused with the fix', ([args, message]) => {
  expect(() => read(...args)).toThrow(message)
})

test('refuses words where the usage names none', () => {
  expect(() => readCommandLine('npm run stack [-- options]', 'Runs.', {}, ['now'])).toThrow(
    "Unexpected argument 'now': npm run stack -- --help shows what there is.",
  )
})
