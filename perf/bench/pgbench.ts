import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { planning } from '../../db/connect.ts'
import { buildSql } from '../../handlers/buildSql.ts'
import { type Db, type Lookup, Unavailable } from '../../handlers/database.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../../router/app.ts'
import { type Ids, isRead, type Operation, toRequest } from '../operations.ts'

const execute = promisify(execFile)

// More clients only wait for one another: the server shares two cores with them.
const clients = '16'

type Asked = { readonly lookup: Lookup<object, unknown>; readonly key: Readonly<Record<string, unknown>> }

/** The lookup and its key by which the API answers a path; undefined if it needs none. */
const findLookup = async (path: string): Promise<Asked | undefined> => {
  let asked: Asked | undefined
  const db: Db = {
    get: async (lookup, key) => {
      asked = { lookup, key } as unknown as Asked
      throw new Unavailable()
    },
    run: () => Promise.reject(new Unavailable()),
  }
  await createApp(endpoints, db).request(path)
  return asked
}

/** A script that does the lookup of a read for one random id at a time; undefined if no id decides what is looked up. */
export const buildScript = async (operation: Operation, ids: Ids): Promise<string | undefined> => {
  if (!isRead(operation) || !operation.kind) return undefined
  const first = await findLookup(toRequest(operation, 1).path)
  const second = await findLookup(toRequest(operation, 2).path)
  if (!first || !second) return undefined
  const { lookup, key } = first
  const { text, parameters } = buildSql(lookup, [{ ...key }])
  const values: string[] = []
  const lines = [`\\set n random(1, ${Math.max(...ids[operation.kind])})`]
  for (const name of Object.keys(lookup.columns)) {
    const [one, two] = [key[name], second.key[name]]
    if (one === two) values.push(`'${parameters[values.length]?.replaceAll("'", "''")}'`)
    else if (typeof one !== 'number' || typeof two !== 'number') return undefined
    else {
      // A page begins at a multiple of its number.
      lines.push(`\\set ${name} ${two - one} * :n + ${2 * one - two}`)
      values.push(`('{' || :${name} || '}')`)
    }
  }
  const sql = text.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1] ?? '')
  return `${lines.join('\n')}\n${sql};\n`
}

/** Runs a script for so many seconds and returns how often a second. */
export type Pgbench = (script: string, seconds: number) => Promise<number>

/** PostgreSQL's own load generator for a database; undefined where it is not installed. */
export const findPgbench = async (databaseUrl: string): Promise<Pgbench | undefined> => {
  const version = await execute('pgbench', ['--version']).catch(() => undefined)
  return version && ((script, seconds) => run(databaseUrl, script, seconds))
}

const run = async (databaseUrl: string, script: string, seconds: number): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const settings = Object.entries(planning).map(([name, value]) => `-c ${name}=${value}`)
  try {
    const file = join(folder, 'lookup.sql')
    await writeFile(file, script)
    const flags = ['-n', '-M', 'prepared', '-f', file, '-c', clients, '-T', String(seconds), databaseUrl]
    const { stdout } = await execute('pgbench', flags, { env: { ...process.env, PGOPTIONS: settings.join(' ') } })
    return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
  } finally {
    await rm(folder, { recursive: true })
  }
}
