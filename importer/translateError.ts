import { UserError } from '../db/commandLine.ts'

const goesOn = 'What was live is as it was, and the same command goes on from here.'

const problems: readonly (readonly [RegExp, string])[] = [
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

/** Turns what a server or the network says during an import into a line that names the fix. */
export const translateError = (error: unknown): unknown => {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const known = problems.find(([pattern]) => pattern.test(code))
  return known === undefined ? error : new UserError(`${known[1]} ${goesOn} (${message})`)
}
