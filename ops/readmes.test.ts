import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
const files = listed.split('\n').filter((file) => file && existsSync(join(root, file)))
const pages = files.filter((file) => file.endsWith('.md'))

/** The anchor that GitHub gives a heading. */
const toAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

describe.each(pages)('%s', (page) => {
  test('links to files and headings that exist', async () => {
    const text = await readFile(join(root, page), 'utf8')
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue
      const [path = '', anchor] = link.split('#')
      const target = path ? join(dirname(page), path) : page
      expect(existsSync(join(root, target)), `${link} in ${page}`).toBe(true)
      if (anchor === undefined) continue
      const headings = (await readFile(join(root, target), 'utf8')).matchAll(/^#+ (.*)$/gm)
      expect(
        Array.from(headings, ([, heading = '']) => toAnchor(heading)),
        `${link} in ${page}`,
      ).toContain(anchor)
    }
  })
})

test.each([
  ['README.md', 1000],
  ['ops/README.md', 2000],
  ['perf/README.md', 900],
])('%s has at most %d words', async (page, limit) => {
  const text = await readFile(join(root, page), 'utf8')
  expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(limit)
})

test('the README shows an endpoint as its file has it', async () => {
  const [, file = '', shown = ''] =
    /^\[\w+\.ts\]\((handlers\/\S+)\)[^\n]*\n\n```ts\n(.*?)```$/ms.exec(
      await readFile(join(root, 'README.md'), 'utf8'),
    ) ?? []
  expect(shown).not.toBe('')
  expect(await readFile(join(root, file), 'utf8')).toContain(shown)
})

const isChecked = (file: string): boolean => /^(perf|\.ci|\.package)\/|^(importer\/)?README\.md$/.test(file)

test('lines of code and prose have at most 120 columns', async () => {
  const long: string[] = []
  for (const file of files.filter(isChecked)) {
    const lines = (await readFile(join(root, file), 'utf8')).split('\n')
    const isTable = (line: string) => file.endsWith('.md') && line.startsWith('|')
    lines.forEach((line, index) => {
      if (line.length > 120 && !isTable(line)) long.push(`${file}:${index + 1}`)
    })
  }
  expect(long).toEqual([])
})
