import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { startTestServer } from '../../db/test/setup.ts'
import { type SqlMutation, sqlMutations } from './sql.ts'
import { root } from './stryker.ts'

const about = `Applies each of the ${sqlMutations.length} mutations of ops/mutation/sql.ts to a copy of the tree,
and runs the tests that have to fail. Exits with 0 if each mutation fails a test, and with 1 otherwise.`

/** A copy of the working tree, uncommitted changes included, with the same modules. */
const copyTree = async (): Promise<string> => {
  await mkdir(join(root, '.atelier'), { recursive: true })
  const copy = await mkdtemp(join(root, '.atelier/mutation-'))
  const listing = ['ls-files', '--cached', '--others', '--exclude-standard']
  const { stdout } = await promisify(execFile)('git', listing, { cwd: root, maxBuffer: 1 << 24 })
  for (const path of stdout.trim().split('\n')) {
    await mkdir(dirname(join(copy, path)), { recursive: true })
    await copyFile(join(root, path), join(copy, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Outcome = { readonly failed: readonly string[]; readonly passed: number; readonly output: string }
type Report = { readonly testResults: readonly { assertionResults: { status: string; fullName: string }[] }[] }

const runTests = async (copy: string, tests: readonly string[], url: string, retries = 0): Promise<Outcome> => {
  const file = join(copy, 'report.json')
  await rm(file, { force: true })
  const args = [
    'run',
    '--config',
    '.vitest.config.ts',
    '--bail',
    '1',
    '--reporter',
    'json',
    '--outputFile',
    file,
    '--retry',
    String(retries),
  ]
  const env = { ...process.env, DATABASE_URL: url }
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args, ...tests], { cwd: copy, env })
  let isInterrupted = false
  const stop = () => {
    isInterrupted = true
    child.kill()
  }
  for (const signal of signals) process.once(signal, stop)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)))
  await once(child, 'close')
  for (const signal of signals) process.off(signal, stop)
  if (isInterrupted) throw new UserError('Interrupted.')
  const { testResults } = JSON.parse(await readFile(file, 'utf8').catch(() => '{"testResults":[]}')) as Report
  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  const selectNames = (status: string) =>
    results.filter((result) => result.status === status).map(({ fullName }) => fullName)
  return { failed: selectNames('failed'), passed: selectNames('passed').length, output }
}

/** The name of the first test that fails with a mutation; undefined if none does. */
const findFailingTest = async (
  copy: string,
  { file, from, to, tests }: SqlMutation,
  url: string,
): Promise<string | undefined> => {
  const path = join(copy, file)
  const source = await readFile(path, 'utf8')
  if (source.split(from).length !== 2)
    throw new UserError(`${file} does not have "${from}" exactly once: correct ops/mutation/sql.ts.`)
  await writeFile(
    path,
    source.replace(from, () => to),
  )
  try {
    const { failed, passed, output } = await runTests(copy, tests, url)
    // Invalid SQL fails every test, so it proves nothing.
    if (failed.length + passed === 0 || /syntax error at|does not exist/.test(output))
      throw new UserError(`"${to}" in ${file} is not valid SQL: correct ops/mutation/sql.ts.\n${output}`)
    return failed[0]
  } finally {
    await writeFile(path, source)
  }
}

const runMutations = async (copy: string, mutations: readonly SqlMutation[], url: string): Promise<number> => {
  const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))]
  console.log(`${tests.join(', ')}: without a mutation`)
  const { failed, passed } = await runTests(copy, tests, url, 2)
  if (failed.length > 0 || passed === 0) throw new UserError(`The tests fail without a mutation: ${failed.join(', ')}`)

  let survivors = 0
  for (const [index, mutation] of mutations.entries()) {
    const test = await findFailingTest(copy, mutation, url)
    if (test === undefined) survivors += 1
    const { file, from, to } = mutation
    const verdict = test === undefined ? 'SURVIVED' : `killed by "${test}"`
    console.log(`${index + 1}/${mutations.length} ${file}: ${from.trim()} -> ${to.trim() || 'nothing'}: ${verdict}`)
  }
  console.log(`${mutations.length - survivors} of ${mutations.length} mutations were killed.`)
  return survivors === 0 ? 0 : 1
}

await main(async () => {
  const command = readCommandLine("npm run test:mutation:sql [-- <part of a file's name>]", about, {})
  if (!command) return 0
  const { words } = command
  const chosen = sqlMutations.filter(({ file }) => words.every((part) => file.includes(part)))
  if (chosen.length === 0)
    throw new UserError(`There is no mutation for ${words.join(' ')}: ops/mutation/sql.ts lists them.`)
  const server = await startTestServer()
  const copy = await copyTree()
  try {
    return await runMutations(copy, chosen, server.url)
  } finally {
    await rm(copy, { recursive: true, force: true })
    await server.stop()
  }
})
