import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const root = join(import.meta.dirname, '..')

/** A project outside of this one that has installed the package, with the snippets of the README as its files. */
export type Project = {
  readonly folder: string
  readonly tarball: string
  /** Runs a command in the project and gives what it prints; rejects with all of that if the command fails. */
  readonly run: (command: string, options: readonly string[]) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Runs a command in a folder and gives what it prints. */
export const runIn = async (cwd: string, command: string, options: readonly string[]): Promise<string> => {
  try {
    const { stdout, stderr } = await execute(command, options, { cwd })
    return stdout + stderr
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string }
    throw new Error([message, stdout, stderr].join('\n'), { cause: error })
  }
}

/** Makes a folder outside of this project and installs packages there. */
export const installIn = async (packages: readonly string[]): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  await runIn(folder, 'npm', [...installOptions, ...packages])
  return folder
}

const installOptions = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']

/** Builds the package, packs it, and installs it where nothing of this project is found. */
export const createProject = async (): Promise<Project> => {
  await runIn(root, 'npm', ['run', 'build'])
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const packed = await runIn(folder, 'npm', ['pack', '--json', join(root, 'dist')])
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('[\n'), packed.lastIndexOf(']') + 1)) as [
    { filename: string },
  ]
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'own-shop', private: true, type: 'module' }))
  for (const [name, text] of await snippets()) await writeFile(join(folder, name), text)
  const { devDependencies, dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const versions: Record<string, string> = { ...devDependencies, ...dependencies }
  const others = ['@electric-sql/pglite', '@hono/node-server', '@types/node', 'typescript', 'zod']
  const named = [
    `./${filename}`,
    ...others.map((name) => `${name}@${versions[name]}`),
    'old-typescript@npm:typescript@5.7',
  ]
  await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...named])
  return {
    folder,
    tarball: join(folder, filename),
    run: (command, options) => runIn(folder, command, options),
    remove: () => rm(folder, { recursive: true }),
  }
}

/** The strictest that a project can be. */
export const compilerOptions = {
  target: 'es2022',
  lib: ['es2023'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  rewriteRelativeImportExtensions: true,
}

/** The snippets of the package's README, by the names that their first lines give them. */
export const snippets = async (): Promise<[name: string, text: string][]> => {
  const readme = await readFile(join(import.meta.dirname, 'README.md'), 'utf8')
  return Array.from(readme.matchAll(/```ts\n\/\/ (\S+)\n(.*?)```/gs), ([, name = '', text = '']) => [name, text])
}

/** A Node of a major version, which npm has and this project keeps beside its data. */
export const findNode = async (major: number): Promise<string> => {
  const folder = join(root, '.atelier/node', String(major))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const options = [
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    `node-${process.platform}-${process.arch}@${major}`,
  ]
  await runIn(folder, 'npm', options)
  return join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
}
