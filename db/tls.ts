import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { UserError } from './commandLine.ts'

const authorities = new Map<string, string>()

/**
 * What `sslrootcert` of a URL, which it takes away, asks for: a server whose certificate is of that authority and names
 * the host. Without it, `sslmode` is left to postgres.js, to which `verify-full` means the authorities that Node knows.
 */
export const takeTls = (address: URL): { ssl?: ConnectionOptions } => {
  const file = address.searchParams.get('sslrootcert')
  if (file === null || file === 'system') return {}
  address.searchParams.delete('sslrootcert')
  address.searchParams.delete('sslmode')
  // Read once: who replaces a lost connection must not fail over a file.
  const ca = authorities.get(file) ?? read(file)
  authorities.set(file, ca)
  // Named here too, or Node would look for localhost in a certificate when the host is an address.
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
