import { hold } from './hold.ts'
import { findInstallation } from './installation.ts'
import type { Settings } from './server.ts'

/** An embedded PostgreSQL in use by this process; it stops when the last user calls `stop` or exits. */
export type Embedded = { readonly url: string; readonly stop: () => Promise<void> }

const printed = new Set<string>()

/**
 * Starts the PostgreSQL that npm installed on a folder's data, created if need be, or joins the server that runs there.
 * It listens only on a Unix socket, in a folder that its account and root can enter.
 */
export const startEmbedded = async (folder: string, settings: Settings = {}): Promise<Embedded> => {
  const { notice, ...installation } = await findInstallation(folder)
  if (notice !== undefined && !printed.has(notice)) {
    printed.add(notice)
    console.error(notice)
  }
  const { url, release } = await hold({ ...installation, notice }, settings)
  return { url, stop: release }
}
