import { execFile, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { dataFolder } from '../../db/embedded/folder.ts'
import { Problem } from '../../db/problem.ts'

const execute = promisify(execFile)
const version = 'v1.8.1'

const howToGetIt =
  'install k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/), or Go (https://go.dev/dl/), with which npm run perf builds it'

/** The k6 on the PATH where it reads TypeScript (from 1.0), else one that was or is now built with Go. */
export const findK6 = async (): Promise<string> => {
  const found = await existingK6()
  if (found) return found
  const folder = builtFolder()
  await build(folder)
  return join(folder, 'k6')
}

/** The k6 that is there already, if one is. */
export const existingK6 = async (): Promise<string | undefined> => {
  for (const program of ['k6', join(builtFolder(), 'k6')]) {
    const { stdout } = await execute(program, ['version']).catch(() => ({ stdout: '' }))
    if (/^k6(?:\.exe)? v[1-9]/.test(stdout)) return program
  }
  return undefined
}

const builtFolder = () => join(dataFolder(), 'k6', version)

const build = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const go = spawn('go', ['install', '-v', `go.k6.io/k6@${version}`], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  go.once('spawn', () => console.error(`Building k6 ${version} with Go, once: some minutes.`))
  let packages = 0
  let last = ''
  createInterface(go.stderr).on('line', (line) => {
    last = line
    packages += 1
    if (packages % 100 === 0) console.error(`${packages} packages built`)
  })
  const status = await new Promise<number | null | undefined>((resolve) => {
    go.once('error', () => resolve(undefined))
    go.once('close', resolve)
  })
  if (status === undefined) throw new Problem(`There is no k6: ${howToGetIt}.`)
  if (status !== 0) throw new Problem(`Go could not build k6 ${version} (${last}): ${howToGetIt}.`)
}
