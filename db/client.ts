import postgres from 'postgres'
import { takePgBouncer } from './pool/pgBouncer.ts'
import { tlsOptions } from './tls.ts'

export type Sql = postgres.Sql<{ json: string }>

/**
 * A postgres.js client. Its URL may also name the folder of a Unix socket, `?host=/run/postgresql`, and the authority
 * of the server's certificate, `?sslmode=verify-full&sslrootcert=/path`. With `?pgbouncer=true`, no statement is
 * prepared, and settings of the connection are left out.
 */
export const client = (url: string, options: Omit<postgres.Options<Record<string, never>>, 'types'> = {}): Sql => {
  const address = new URL(url)
  const host = address.searchParams.get('host')
  address.searchParams.delete('host')
  const tls = tlsOptions(address)
  const isPooled = takePgBouncer(address)
  return postgres(address.href, {
    ...(host === null ? {} : { host }),
    ...tls,
    connect_timeout: 5,
    // The query for array types fails as an unhandled rejection; statements send arrays as text instead.
    fetch_types: false,
    // Answers go to the wire as the text that PostgreSQL wrote.
    types: { json: { to: 114, from: [114], serialize: (value: string) => value, parse: (text: string) => text } },
    onnotice: () => {},
    ...options,
    ...(isPooled ? { prepare: false } : {}),
    connection: { application_name: 'atelierx', DateStyle: 'ISO', ...(isPooled ? {} : options.connection) },
  })
}
