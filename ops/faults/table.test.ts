import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Kind, kinds } from './faults.ts'

const plain = (statuses: readonly number[]): string => (statuses.length === 1 ? 'answered' : `or ${statuses.at(-1)}`)
const toRow = ({ name, reads, writes, keyed, withinMs, recoversMs }: Kind): string =>
  `| ${[name, ...[reads, writes, keyed].map(plain), `${withinMs / 1000} s`, `${recoversMs / 1000} s`].join(' | ')} |`
const toItem = ({ name, faults }: Kind): string => `- **${name}**: ${faults.map((fault) => fault.name).join('; ')}`

test('the README of ops states each kind of fault, the answers and the faults', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, section = ''] = /^## Faults$(.*?)^## /ms.exec(readme) ?? []
  // Without the padding of the table and the line ends of the list.
  const plainText = section.replaceAll(/\s+/g, ' ')
  for (const kind of kinds) {
    expect(plainText).toContain(toRow(kind))
    expect(plainText).toContain(toItem(kind))
  }
  expect(section.match(/^\| (?!kind|-)/gm)).toHaveLength(kinds.length)
  expect(section.match(/^- \*\*/gm)).toHaveLength(kinds.length)
})
