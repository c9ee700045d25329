import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { areas } from './areas.ts'
import { knownSurvivors } from './known/index.ts'
import { sqlMutations } from './sql.ts'
import { root } from './stryker.ts'

const folders = ['db', 'handlers', 'importer', 'migrations', 'router']
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
)
const patternOf = (glob: string): RegExp => {
  const parts: Readonly<Record<string, string>> = {
    '**/': '(.*/)?',
    '*': '[^/]*',
    '.': '\\.',
    '{': '(',
    '}': ')',
    ',': '|',
  }
  return new RegExp(`^${glob.replaceAll(/\*\*\/|[*.{},]/g, (part) => parts[part] ?? part)}$`)
}
/** A glob for each name in its braces, so that none of them is missing unnoticed. */
const eachOf = (glob: string): string[] => {
  const [, before = '', names, behind = ''] = /^(.*)\{(.*)\}(.*)$/.exec(glob) ?? []
  return names === undefined ? [glob] : names.split(',').map((name) => `${before}${name}${behind}`)
}
const sourceOf = (path: string): string => readFileSync(join(root, path), 'utf8')

test.each(Object.entries(areas))('the files and the tests of the area %s are there', (_, { mutate, tests }) => {
  for (const glob of [...mutate, ...tests].filter((glob) => !glob.startsWith('!')).flatMap(eachOf)) {
    expect(
      files.filter((file) => patternOf(glob).test(file)),
      glob,
    ).not.toEqual([])
  }
})

test('each change of SQL has its one place, and its tests', () => {
  const missing = sqlMutations.filter(
    ({ file, from }) => !files.includes(file) || sourceOf(file).split(from).length !== 2,
  )
  expect(missing.map(({ file, from }) => `${file}: ${from}`)).toEqual([])
  const names = new Set(sqlMutations.flatMap(({ tests }) => tests))
  for (const name of names)
    expect(
      files.filter((file) => file.startsWith(name)),
      name,
    ).not.toEqual([])
})

test('what no test has to notice is still there, in one place', () => {
  const missing = knownSurvivors.filter(
    ({ file, from }) => !files.includes(file) || sourceOf(file).split(from).length !== 2,
  )
  expect(missing.map(({ file, from }) => `${file}: ${from}`)).toEqual([])
})
