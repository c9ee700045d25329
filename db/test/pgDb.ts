import type { Pool } from 'pg'
import { buildSql } from '../../handlers/buildSql.ts'
import { type Command, type Db, type Lookup, Unavailable } from '../../handlers/database.ts'

const isOutage = (error: unknown): boolean => !/^(2[0-4]|40|4[24])/.test((error as { code?: string }).code ?? '')

/** A database of handlers over node-postgres: a statement a key. */
export const pgDb = (pool: Pool): Db => {
  const ask = async <Key>(statement: Lookup<Key, unknown> | Command<Key, unknown>, key: Key) => {
    const { text, parameters } = buildSql(statement, [key])
    const types = { getTypeParser: () => (value: string) => value }
    const { rows } = await pool.query({ text, values: parameters, types }).catch((cause: unknown) => {
      throw isOutage(cause) ? new Unavailable('The database does not answer.', { cause }) : cause
    })
    const answer: string | undefined = rows[0]?.answer ?? undefined
    if (answer === undefined && statement.kind === 'heavy') throw new Unavailable('The answer would be too large.')
    return answer
  }
  return {
    get: (lookup, key) => ask(lookup, key) as never,
    run: async (command, key) => JSON.parse((await ask(command, key)) ?? 'null') ?? undefined,
  }
}
