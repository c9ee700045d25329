import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Fault, faults } from './faults.ts'

const plain = (statuses: readonly number[]): string => (statuses.length === 1 ? 'answered' : `or ${statuses.at(-1)}`)
const answersOf = ({ reads, writes, keyed, withinMs, recoversMs = 1000 }: Fault): string =>
  [plain(reads), plain(writes), plain(keyed), `${withinMs / 1000} s`, `${recoversMs / 1000} s`].join(' | ')

test('the README of ops states the answers under each fault', async () => {
  const names = new Map<string, string[]>()
  for (const fault of faults) names.set(answersOf(fault), [...(names.get(answersOf(fault)) ?? []), fault.name])
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const rows = readme
    .slice(readme.indexOf('| while '))
    .split('\n')
    .slice(2, 2 + names.size)
  expect(rows.map((line) => line.replaceAll(/ {2,}/g, ' '))).toEqual(
    Array.from(names, ([answers, list]) => `| ${list.join('; ')} | ${answers} |`),
  )
})
