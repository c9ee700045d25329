import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fileNames } from './files.ts'

const command = fileURLToPath(new URL('cli.ts', import.meta.url))

const run = (...words: readonly string[]) =>
  new Promise<{ status: number; output: string; complaint: string }>((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', command, ...words], (error, output, complaint) =>
      resolve({ status: error ? Number(error.code) : 0, output, complaint }),
    )
  })

test('writes the files and says how many records each has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'generate-'))
  const { status, output } = await run(folder, '--products', '20', '--seed', '4')
  expect(status).toBe(0)
  expect(output).toMatch(/product\.csv +│ +20 │/)
  expect((await readdir(folder)).toSorted()).toEqual(fileNames.toSorted())
  await rm(folder, { recursive: true })
})

test('explains itself', async () => {
  const { status, output } = await run('--help')
  expect(status).toBe(0)
  expect(output).toContain('npm run generate -- <folder>')
})

test.each([
  [[], /^Name one folder/],
  [['a', 'b'], /^Name one folder/],
  [['a', '--products', '0'], /^--products is 0: give it a whole number from 1 to 100000000\./],
  [['a', '--products', '1.5'], /^--products is 1\.5: give it a whole number from 1 to 100000000\./],
  [['a', '--seed', 'x'], /^--seed is x: give it a whole number from 0 to 4294967295\./],
  [['a', '--size', '3'], /^Unknown option '--size': npm run generate -- --help /],
  [['/dev/null/a'], /^Cannot write to \/dev\/null\/a: a part of the path is a file/],
])('complains of %j in one line', async (words, line) => {
  const { status, complaint } = await run(...words)
  expect(status).toBe(1)
  expect(complaint).toMatch(line)
  expect(complaint.trimEnd().split('\n')).toHaveLength(1)
})
