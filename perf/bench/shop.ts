import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client, type Sql } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded/start.ts'
import { dataFolder } from '../../db/embedded/folder.ts'
import { migrate } from '../../db/migrate.ts'
import { generate } from '../../importer/generate/generate.ts'
import { importFolder } from '../../importer/load.ts'
import { progressOn } from '../../importer/progress.ts'
import { runStatements } from '../databases.ts'
import type { SampleIds } from '../operations.ts'

/** A filled database, whose server stops when it is disposed of, and random ids of its rows. */
export type Shop = AsyncDisposable & { readonly url: string; readonly ids: SampleIds }

const idsOfEach = 20_000

/** Opens the shop of so many products in an embedded server, whatever `DATABASE_URL` says; makes it the first time. */
export const openShop = async (products: number): Promise<Shop> => {
  const { url, stop } = await startEmbedded(join(dataFolder(), 'bench', String(products)), {
    shared_buffers: '2GB',
    // As in ops: after a checkpoint, the first write to each page logs all of it.
    max_wal_size: '8GB',
    checkpoint_timeout: '15min',
  })
  const sql = client(url, { max: 1 })
  try {
    await migrate(sql)
    const [state] = await sql<{ isFull: boolean }[]>`select exists (select from answer_photos) as "isFull"`
    if (!state?.isFull) await fill(url, products)
    await prewarm(url)
    return { url, ids: await readIds(sql, products), [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const readIds = async (sql: Sql, products: number): Promise<SampleIds> => {
  const read = async (table: string, id: string): Promise<number[]> => {
    const query = `select ${id} as id from ${table} order by random() limit ${idsOfEach}`
    const rows = await sql.unsafe<{ id: number }[]>(query)
    return rows.map((row) => row.id)
  }
  return {
    products: await read('products', 'product_id'),
    pages: Array.from({ length: idsOfEach }, () => 1 + Math.floor((Math.random() * products) / 5)),
    questions: await read('questions', 'question_id'),
    reviews: await read('reviews', 'review_id'),
    answers: await read('answers', 'answer_id'),
    skus: await read('skus', 'sku_id'),
  }
}

// An import puts these into documents; no request reads them row by row.
const unread = ['features', 'related', 'styles', 'photos', 'skus', 'characteristics', 'characteristic_reviews']

/** Reads the tables that requests read, and their indexes, into memory: the API is measured, not the disk. */
export const prewarm = (url: string): Promise<unknown> =>
  runStatements(
    url,
    'create extension if not exists pg_prewarm',
    `select pg_prewarm(relation::oid::regclass, 'read')
     from pg_stat_user_tables join pg_class on pg_class.oid = relid, lateral (
       select relid union all select indexrelid from pg_index where indrelid = relid
       union all select nullif(reltoastrelid, 0) where reltoastrelid <> 0
     ) part(relation)
     where pg_class.relname <> all ('{${unread.join()}}')`,
  )

/** Fills a database from a folder with the CSV files of a shop, which is removed after it. */
export const withFiles = async (products: number, url: string, load: (folder: string) => Promise<unknown>) => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  const start = performance.now()
  try {
    console.error(`Making a shop of ${products} products, once.`)
    await generate(folder, { products, seed: 1 })
    await load(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
  await runStatements(url, 'vacuum analyze')
  console.error(`The shop is there after ${((performance.now() - start) / 1000).toFixed(0)} s.`)
}

const fill = (url: string, products: number): Promise<void> =>
  withFiles(products, url, (folder) =>
    importFolder(url, folder, { progress: progressOn(), rejects: join(folder, 'rejects.csv') }),
  )
