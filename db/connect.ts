import postgres from 'postgres'
import type { Db } from '../handlers/database.ts'
import { parametersOf, textOf } from './statement.ts'

export type Sql = postgres.Sql<{ json: string }>

/** A postgres.js client. Besides what that takes, a URL may name the folder of a Unix socket: `?host=/run/postgresql`. */
export const client = (
  url: string,
  options: { max?: number; onnotice?: (notice: postgres.Notice) => void } = {},
): Sql => {
  const address = new URL(url)
  const host = address.searchParams.get('host')
  address.searchParams.delete('host')
  return postgres(address.href, {
    ...(host === null ? {} : { host }),
    connect_timeout: 5,
    // Its query for the types of arrays cannot be guarded when it fails; statements send arrays as text instead.
    fetch_types: false,
    // Answers are passed on as the text that they are.
    types: { json: { to: 114, from: [114], serialize: (value: string) => value, parse: (text: string) => text } },
    onnotice: () => {},
    ...options,
  })
}

/** What handlers ask of a database, put to PostgreSQL as one statement a request. */
export const database = (sql: Sql): Db => {
  const ask = async (text: string, parameters: string[]): Promise<string | undefined> => {
    const [row] = await sql.unsafe<{ answer: string }[]>(text, parameters, { prepare: true })
    return row?.answer
  }
  return {
    get: (lookup, key) => ask(textOf(lookup), parametersOf(lookup, [key])) as never,
    run: async (command, key) => {
      const answer = await ask(textOf(command), parametersOf(command, [key]))
      return answer === undefined ? undefined : JSON.parse(answer)
    },
  }
}
