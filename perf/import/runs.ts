import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { client } from '../../db/client.ts'
import { UserError } from '../../db/commandLine.ts'
import { buildSettings } from '../../importer/build/builders.ts'
import { buildScripts } from './psqlBaseline.ts'

const execute = promisify(execFile)

/** Seconds that the parts of an import took. */
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
  const temporary = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const times: Record<string, number> = {}
  try {
    for (const { name, script } of scripts) {
      const file = join(temporary, `${name}.sql`)
      await writeFile(file, script)
      const start = performance.now()
      await execute('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-f', file, url], { env }).catch((error) => {
        const { code } = error as { code?: unknown }
        throw code === 'ENOENT' ? new UserError('psql is not installed: apt-get install postgresql-client.') : error
      })
      times[name] = (performance.now() - start) / 1000
    }
    return times
  } finally {
    await rm(temporary, { recursive: true })
  }
}

const command = fileURLToPath(new URL('../../importer/cli.ts', import.meta.url))

/** Imports a folder as `npm run import` does, and watches the memory that it takes. */
export const runImporter = async (url: string, folder: string): Promise<{ times: Times; peakMb: number }> => {
  const args = ['--import', 'tsx', command, folder, '--json', '--rejects', join(folder, 'rejects.csv')]
  const start = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let errors = ''
  child.stdout.on('data', (data) => (printed += String(data)))
  child.stderr.on('data', (data) => (errors += String(data)))
  let peakMb = 0
  const readMemory = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }
  const timer = setInterval(() => void readMemory(), 100)
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(timer)
  if (code === 1) throw new Error(errors)
  const seconds = (performance.now() - start) / 1000
  const { phases } = JSON.parse(printed) as { phases: Times }
  const inPhases = Object.values(phases).reduce((total, each) => total + each, 0)
  return { times: { ...phases, 'start and end': seconds - inPhases }, peakMb }
}
