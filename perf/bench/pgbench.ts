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
import type { Pressure } from './load.ts'
import type { Ids, Operation } from '../operations.ts'

const execute = promisify(execFile)

// More only wait for one another: the server shares two cores with what asks.
const mostClients = 16

type Asked = { readonly lookup: Lookup<object, unknown>; readonly key: Readonly<Record<string, unknown>> }

/** What the API asks its database for, to answer a GET. */
const askedBy = async (path: string): Promise<Asked | undefined> => {
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

/** A script that asks for one random thing at a time what a GET asks for; nothing if the ids of things do not say what that is. */
export const scriptOf = async ({ path, of }: Operation, ids: Ids): Promise<string | undefined> => {
  const [first, second] = [await askedBy(path.replace(':n', '1')), await askedBy(path.replace(':n', '2'))]
  if (!first || !second) return undefined
  const { lookup, key } = first
  const { text, parameters } = buildSql(lookup, [{ ...key }])
  const values: string[] = []
  const lines = [`\\set n random(1, ${Math.max(...ids[of])})`]
  for (const name of Object.keys(lookup.columns)) {
    const [one, two] = [key[name], second.key[name]]
    if (one === two) values.push(`'${parameters[values.length]?.replaceAll("'", "''")}'`)
    else if (typeof one !== 'number' || typeof two !== 'number') return undefined
    else {
      // A page of so many begins at a multiple of its number.
      lines.push(`\\set ${name} ${two - one} * :n + ${2 * one - two}`)
      values.push(`('{' || :${name} || '}')`)
    }
  }
  const sql = text.replace(/\$(\d+)/g, (_, number: string) => values[Number(number) - 1] ?? '')
  return `${lines.join('\n')}\n${sql};\n`
}

/** Runs a script on a database, and says how many times a second. */
export type Pgbench = (url: string, script: string, pressure: Pressure) => Promise<number>

const pgbench: Pgbench = async (url, script, { connections, seconds }) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const file = join(folder, 'lookup.sql')
  const clients = String(Math.min(connections, mostClients))
  const settings = Object.entries(planning).map(([name, value]) => `-c ${name}=${value}`)
  try {
    await writeFile(file, script)
    const flags = ['-n', '-M', 'prepared', '-f', file, '-c', clients, '-T', String(seconds), url]
    const { stdout } = await execute('pgbench', flags, { env: { ...process.env, PGOPTIONS: settings.join(' ') } })
    return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** PostgreSQL's own load generator, where it is installed. */
export const findPgbench = async (): Promise<Pgbench | undefined> => {
  const isThere = await execute('pgbench', ['--version']).then(
    () => true,
    () => false,
  )
  return isThere ? pgbench : undefined
}
