import { UserError } from '../db/commandLine.ts'

const resumable = 'What was live is as it was, and the same command goes on from here.'

const explanations: readonly (readonly [RegExp, string])[] = [
  [/^53100$/, 'The disk of the database is full: make room (an import needs that of the new data beside the old).'],
  [/^53[24]00$/, 'PostgreSQL ran out of memory: give its host more, or end what else runs there.'],
  [
    /^(57P0[1-5]|08\w{3}|CONNECTION_\w+|CONNECT_TIMEOUT|ECONN\w+|EPIPE|ENOENT)$/,
    'The connection to the database was lost: see that PostgreSQL runs.',
  ],
  [
    /^42501$/,
    'The user of DATABASE_URL may not build tables: grant it create on the database, as the owner of the tables.',
  ],
]

/** The `UserError` for an error of the server or network that has a known fix; any other error as it is. */
export const translateError = (error: unknown): unknown => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const explanation = explanations.find(([pattern]) => pattern.test(code))?.[1]
  return explanation === undefined ? error : new UserError(`${explanation} ${resumable} (${message})`)
}
