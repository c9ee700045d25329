import { UserError } from '../commandLine.ts'

/**
 * Takes `pgbouncer=true` off a URL, and returns whether it was there: its connections go through PgBouncer in
 * transaction mode, which refuses most settings at the start of a connection, and loses prepared statements.
 */
export const takePgBouncer = (address: URL): boolean => {
  const isPooled = address.searchParams.get('pgbouncer') === 'true'
  address.searchParams.delete('pgbouncer')
  return isPooled
}

/** The URL of a server that is behind a pooler like PgBouncer. */
export const throughPgBouncer = (url: string): string => {
  const address = new URL(url)
  address.searchParams.set('pgbouncer', 'true')
  return address.href
}

/** Throws a `UserError` for a URL through PgBouncer, for work that holds locks and settings over many statements. */
export const refusePgBouncer = (url: string, work: string): void => {
  if (takePgBouncer(new URL(url)))
    throw new UserError(
      `${work} needs a session, and PgBouncer gives none (pgbouncer=true): set DATABASE_URL to the server behind it.`,
    )
}
