import { client } from '../db/client.ts'

/** The address of another database of the same server. */
export const toDatabaseUrl = (server: string, name: string): string => {
  const url = new URL(server)
  url.pathname = name
  return url.href
}

/** Runs statements one after another over one connection; returns the rows of the last. */
export const runStatements = async (url: string, ...statements: readonly string[]): Promise<readonly object[]> => {
  const sql = client(url, { max: 1 })
  try {
    let rows: readonly object[] = []
    for (const statement of statements) rows = await sql.unsafe<object[]>(statement).simple()
    return rows
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** A database that is dropped when it is disposed of. */
export type TemporaryDatabase = AsyncDisposable & { readonly name: string; readonly url: string }

/** Creates a database for this process, after it has dropped those of the same kind that ended processes have left. */
export const createTemporaryDatabase = async (
  server: string,
  kind: string,
  template = 'template1',
): Promise<TemporaryDatabase> => {
  const admin = toDatabaseUrl(server, 'postgres')
  const rows = await runStatements(admin, `select datname as name from pg_database where datname ~ '^${kind}_[0-9]+$'`)
  const names = (rows as readonly { name: string }[]).map(({ name }) => name)
  const abandoned = names.filter((name) => !isRunning(Number(name.slice(kind.length + 1))))
  const name = `${kind}_${process.pid}`
  const drop = (database: string) => `drop database if exists ${database} with (force)`
  await runStatements(admin, ...[...abandoned, name].map(drop), `create database ${name} template ${template}`)
  return {
    name,
    url: toDatabaseUrl(server, name),
    [Symbol.asyncDispose]: async () => void (await runStatements(admin, drop(name))),
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return pid !== process.pid && process.kill(pid, 0)
  } catch {
    return false
  }
}
