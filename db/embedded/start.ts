import { hold } from './hold.ts'
import { findPlace } from './place.ts'
import type { Settings } from './server.ts'

/** An embedded PostgreSQL that this process holds. `stop` lets go of it: it ends when nobody holds it. */
export type Embedded = { readonly url: string; readonly stop: () => Promise<void> }

const noticed = new Set<string>()

/**
 * Starts the PostgreSQL that npm installed on the data of a folder, which is made if need be, or joins the one that
 * already runs there. It listens on a Unix socket in a folder that only its own account and root can enter, and runs until
 * the last process that started it has stopped it or died.
 */
export const startEmbedded = async (folder: string, settings: Settings = {}): Promise<Embedded> => {
  const { notice, ...place } = await findPlace(folder)
  if (notice !== undefined && !noticed.has(notice)) {
    noticed.add(notice)
    console.error(notice)
  }
  const { url, release } = await hold({ ...place, notice }, settings)
  return { url, stop: release }
}
