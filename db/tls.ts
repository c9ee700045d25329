import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { UserError } from './commandLine.ts'

const authorities = new Map<string, string>()

/**
 * The TLS options for the `sslrootcert` of a URL, which is removed from it: the server's certificate must be issued by
 * that authority and name the host. Without one, postgres.js reads `sslmode`, with Node's authorities.
 */
export const tlsOptions = (address: URL): { ssl?: ConnectionOptions } => {
  const file = address.searchParams.get('sslrootcert')
  if (file === null || file === 'system') return {}
  address.searchParams.delete('sslrootcert')
  address.searchParams.delete('sslmode')
  // Cached: replacing a lost connection must not fail because a file has gone.
  const ca = authorities.get(file) ?? read(file)
  authorities.set(file, ca)
  // Without it, Node looks for localhost in the certificate when the host is an address.
  return { ssl: { ca, rejectUnauthorized: true, host: address.hostname.replaceAll(/[[\]]/g, '') } }
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError(
      `The certificate ${file} cannot be read (${(error as { code?: string }).code}): correct sslrootcert in DATABASE_URL.`,
    )
  }
}
