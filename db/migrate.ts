import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from './client.ts'
import { UserError } from './commandLine.ts'

const folder = new URL('../migrations/', import.meta.url)

/**
 * Applies the missing migrations in order, each in a transaction and under a lock, and returns their names. The client
 * must have one connection (`max: 1`), which holds the lock. For a user who may not create tables, missing ones are an
 * error.
 */
export const migrate = async (sql: Sql): Promise<string[]> => {
  const [server] = await sql<{ number: number; name: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as name`
  if (server && server.number < 150_000)
    throw new UserError(
      `PostgreSQL 15 or newer is needed, and this is ${server.name}: upgrade it, or set DATABASE_URL to another.`,
    )
  const [user] = await sql<{ may: boolean }[]>`select has_schema_privilege('public', 'create') as may`
  if (!user?.may) return checkMigrated(sql, 'its user may not change it: run npm run migrate as one who may')
  // PgBouncer would let go of the lock, or never.
  if (!sql.options.prepare)
    return checkMigrated(sql, 'PgBouncer holds no lock: run npm run migrate with the URL of the server behind it')
  await sql`select pg_advisory_lock(hashtext('atelierx migrations'))`
  try {
    return await applyAll(sql)
  } finally {
    await sql`select pg_advisory_unlock(hashtext('atelierx migrations'))`
  }
}

const findNames = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).toSorted()

// Migrations of a newer build are accepted: nodes are replaced one by one, and the previous build must be able to
// return.
const checkMigrated = async (sql: Sql, why: string): Promise<string[]> => {
  const [table] = await sql<{ is_there: boolean }[]>`select to_regclass('public.migrations') is not null as is_there`
  const rows = table?.is_there ? await sql<{ name: string }[]>`select name from migrations` : []
  const applied = new Set(rows.map(({ name }) => name))
  const missing = (await findNames()).find((name) => !applied.has(name))
  if (missing) throw new UserError(`The database lacks the migration ${missing}, and ${why}.`)
  return []
}

const applyAll = async (sql: Sql): Promise<string[]> => {
  await sql`
    create table if not exists migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`
  const rows = await sql<{ name: string; checksum: string }[]>`select name, checksum from migrations`
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  const names = await findNames()
  const newer = [...applied.keys()].find((name) => !names.includes(name))
  if (newer)
    throw new UserError(
      `The database has the migration ${newer}, which this version does not know: run a newer version.`,
    )

  const added: string[] = []
  for (const name of names) {
    const text = await readFile(new URL(name, folder), 'utf8')
    const checksum = createHash('sha256').update(text).digest('hex')
    const appliedChecksum = applied.get(name)
    if (appliedChecksum === checksum) continue
    if (appliedChecksum !== undefined)
      throw new UserError(
        `The migration ${name} was changed after it was applied: restore the file, and put the change into a new one.`,
      )
    // One simple query is one transaction; neither value needs more quoting than its pattern allows.
    await sql.unsafe(`${text};\ninsert into migrations (name, checksum) values ('${name}', '${checksum}')`)
    added.push(name)
  }
  return added
}
