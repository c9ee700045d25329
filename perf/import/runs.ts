import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { client } from '../../db/client.ts'
import { UserError } from '../../db/commandLine.ts'
import { buildSettings } from '../../importer/build/builders.ts'
import { buildScripts } from './psqlBaseline.ts'

const execute = promisify(execFile)

/** The seconds that each step of an import took. */
export type Times = Readonly<Record<string, number>>

/** Imports a folder with psql. */
export const runPsql = async (url: string, folder: string): Promise<Times> => {
  const sql = client(url, { max: 1 })
  const scripts = await buildScripts(sql, folder)
  await sql.end({ timeout: 5 })
  const settings = Object.entries(buildSettings).map(([name, value]) => {
    return `-c ${name}=${String(value).replaceAll(' ', '\\ ')}`
  })
  const env = { ...process.env, PGOPTIONS: settings.join(' ') }
  const times: Record<string, number> = {}
  for (const { name, script } of scripts) {
    const start = performance.now()
    const args = ['-q', '-v', 'ON_ERROR_STOP=1', '-f', '-', url]
    const { error, status, stderr } = spawnSync('psql', args, { env, input: script, encoding: 'utf8' })
    if (error) throw new UserError('psql is not installed: apt-get install postgresql-client.')
    if (status !== 0) throw new Error(stderr)
    times[name] = (performance.now() - start) / 1000
  }
  return times
}

const command = fileURLToPath(new URL('../../importer/cli.ts', import.meta.url))

/** Imports a folder as `npm run import` does, and reads the most memory that it took. */
export const runImporter = async (url: string, folder: string): Promise<{ times: Times; peakMb: number }> => {
  const args = ['--import', 'tsx', command, folder, '--json', '--rejects', join(folder, 'rejects.csv')]
  const start = performance.now()
  const env = { ...process.env, DATABASE_URL: url }
  const running = execute(process.execPath, args, { env, maxBuffer: 1 << 26 })
  let peakMb = 0
  const readMemory = async () => {
    const status = await readFile(`/proc/${running.child.pid}/status`, 'utf8').catch(() => '')
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }
  const timer = setInterval(() => void readMemory(), 100)
  // 2 where rows were set aside, as some of the generated ones are.
  const { stdout } = await running
    .catch((error: { code?: number; stdout: string }) => (error.code === 2 ? error : Promise.reject(error)))
    .finally(() => clearInterval(timer))
  const seconds = (performance.now() - start) / 1000
  const { phases } = JSON.parse(stdout) as { phases: Times }
  const inPhases = Object.values(phases).reduce((total, each) => total + each, 0)
  return { times: { ...phases, 'start and end': seconds - inPhases }, peakMb }
}
