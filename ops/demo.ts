import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client } from '../db/client.ts'
import { generate } from '../importer/generate/generate.ts'
import { importFolder } from '../importer/load.ts'
import { progressOn } from '../importer/progress.ts'

/** Fills a database that holds no products with the demo set of 1000 products. */
export const fillIfEmpty = async (url: string): Promise<void> => {
  const sql = client(url, { max: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    const [state] = await sql<{ full: boolean }[]>`select exists (select from products) as full`
    if (state?.full) return
    console.log('The database is empty: filling it with a demo set of 1000 products.')
    await generate(folder, { products: 1000, seed: 1 })
    // The set has the faults of the real one: what is refused of it is nobody's loss.
    await importFolder(url, folder, { progress: progressOn(), rejects: join(folder, 'rejects.csv') })
  } finally {
    await rm(folder, { recursive: true })
    await sql.end({ timeout: 5 })
  }
}
