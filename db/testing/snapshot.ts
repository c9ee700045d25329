import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { PGlite } from '@electric-sql/pglite'

const migrations = new URL('../../migrations/', import.meta.url)
const fixture = new URL('../fixture.sql', import.meta.url)
const cache = new URL('../../node_modules/.cache/', import.meta.url)

/**
 * A PGlite with all migrations and the fixture. Making the first takes some seconds and leaves a snapshot beside the
 * package, from which the next start; where nothing can be written there, each is made anew.
 */
export const openShop = async (): Promise<PGlite> => {
  const { PGlite } = await import('@electric-sql/pglite').catch((cause: unknown) => {
    throw new Error('createTestDb needs PGlite: npm install --save-dev @electric-sql/pglite', { cause })
  })
  const scripts = await readScripts()
  const snapshot = new URL(`shop-${await fingerprint(scripts)}.tar.gz`, cache)
  const kept = await readFile(snapshot).catch(() => undefined)
  if (kept) return PGlite.create({ loadDataDir: new Blob([kept]) })

  const pg = await PGlite.create()
  for (const script of scripts) await pg.exec(script)
  const dump = await pg.dumpDataDir('gzip')
  await keep(snapshot, new Uint8Array(await dump.arrayBuffer())).catch(() => {})
  return pg
}

const readScripts = async (): Promise<string[]> => {
  const names = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).toSorted()
  return Promise.all([...names.map((name) => new URL(name, migrations)), fixture].map((file) => readFile(file, 'utf8')))
}

/** Changes with the scripts and with PGlite, whose snapshots another version may not read. */
const fingerprint = async (scripts: readonly string[]): Promise<string> => {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const version = await readFile(new URL('../package.json', `file://${main}`), 'utf8')
  return createHash('sha256')
    .update([version, ...scripts].join('\0'))
    .digest('hex')
    .slice(0, 16)
}

/** Whole or not at all, as others may be starting from it. */
const keep = async (file: URL, content: Uint8Array): Promise<void> => {
  await mkdir(cache, { recursive: true })
  const draft = new URL(`${file.href}.${process.pid}`)
  await writeFile(draft, content)
  await rename(draft, file)
}
