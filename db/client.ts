import postgres from 'postgres'
import { takeTls } from './tls.ts'

export type Sql = postgres.Sql<{ json: string }>

/**
 * A postgres.js client. Besides what that takes, a URL may name the folder of a Unix socket, `?host=/run/postgresql`, and
 * the authority of the server's certificate, `?sslmode=verify-full&sslrootcert=/path`.
 */
export const client = (url: string, options: Omit<postgres.Options<Record<string, never>>, 'types'> = {}): Sql => {
  const address = new URL(url)
  const host = address.searchParams.get('host')
  address.searchParams.delete('host')
  const tls = takeTls(address)
  return postgres(address.href, {
    ...(host === null ? {} : { host }),
    ...tls,
    connect_timeout: 5,
    // Its query for the types of arrays cannot be guarded when it fails; statements send arrays as text instead.
    fetch_types: false,
    // Answers are passed on as the text that they are.
    types: { json: { to: 114, from: [114], serialize: (value: string) => value, parse: (text: string) => text } },
    onnotice: () => {},
    ...options,
    // How days are written, whatever the server's own style.
    connection: { application_name: 'atelierx', DateStyle: 'ISO', ...options.connection },
  })
}
