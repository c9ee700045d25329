import type { PGlite } from '@electric-sql/pglite'
import { buildSql } from '../../handlers/buildSql.ts'
import type { Command, Db, Lookup } from '../../handlers/database.ts'
import { openShop } from './snapshot.ts'

/** A database in this process with all tables and the rows of a small shop. */
export type TestDb = {
  readonly db: Db
  /** Runs a statement and gives its rows. */
  readonly sql: <Row extends object = Record<string, unknown>>(
    text: TemplateStringsArray,
    ...parameters: readonly unknown[]
  ) => Promise<Row[]>
  /** Undoes all that was written since the start or the last call, ids that were given included. */
  readonly rollback: () => Promise<void>
  readonly close: () => Promise<void>
}

/** `setup` is SQL for tables and rows of your own, which `rollback` leaves. */
export type TestDbOptions = { readonly setup?: string }

/** Starts PostgreSQL in this process, by PGlite: no server, no binaries, no port. */
export const createTestDb = async ({ setup = '' }: TestDbOptions = {}): Promise<TestDb> => {
  const pg = await openShop()
  await pg.exec(setup)
  const restart = await sequencesOf(pg)
  await pg.exec('begin')
  const query = inTurn(pg)
  return {
    db: databaseOn(query),
    sql: (text, ...parameters) => query({ text: numbered(text), parameters }) as never,
    rollback: async () => {
      await pg.exec(`rollback; ${restart} begin`)
    },
    close: () => pg.close(),
  }
}

type Query = (sql: {
  readonly text: string
  readonly parameters: readonly unknown[]
}) => Promise<Record<string, unknown>[]>

/** Statements one after the other; one that fails undoes itself alone, as it would on a server. */
const inTurn = (pg: PGlite): Query => {
  let last: Promise<unknown> = Promise.resolve()
  const ask: Query = async ({ text, parameters }) =>
    (await pg.query<Record<string, unknown>>(text, [...parameters], { parsers })).rows
  const askSafely: Query = async (sql) => {
    // A savepoint of the caller's own would be released with the one around it.
    if (/^\s*(savepoint|rollback|release)/i.test(sql.text)) return ask(sql)
    await pg.exec('savepoint asked')
    try {
      return await ask(sql)
    } catch (error) {
      await pg.exec('rollback to savepoint asked')
      throw error
    } finally {
      await pg.exec('release savepoint asked')
    }
  }
  return (sql) => {
    const asked = last.then(() => askSafely(sql))
    last = asked.catch(() => {})
    return asked
  }
}

/** JSON stays the text that PostgreSQL wrote, as handlers pass it on. */
const parsers = { 114: (text: string) => text }

const databaseOn = (query: Query): Db => {
  const ask = async <Key>(statement: Lookup<Key, unknown> | Command<Key, unknown>, key: Key) => {
    const [row] = await query(buildSql(statement, [key]))
    return (row?.answer ?? undefined) as string | undefined
  }
  return {
    get: (lookup, key) => ask(lookup, key) as never,
    run: async (command, key) => {
      const answer = await ask(command, key)
      return answer === undefined ? undefined : JSON.parse(answer)
    },
  }
}

const numbered = (text: TemplateStringsArray): string => text.reduce((whole, part, index) => `${whole}$${index}${part}`)

/** The SQL that makes every sequence go on from where it is now: rolling back does not. */
const sequencesOf = async (pg: PGlite): Promise<string> => {
  const { rows } = await pg.query<{ text: string }>(`
    select format(
      'select setval(%L, %s, %L);', format('%I.%I', schemaname, sequencename),
      coalesce(last_value, start_value), last_value is not null
    ) as text from pg_sequences`)
  return rows.map(({ text }) => text).join(' ')
}
