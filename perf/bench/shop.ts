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
import type { Ids } from '../operations.ts'

/** A database of so many products, and ids of what is in it, at random. */
export type Shop = { readonly url: string; readonly ids: Ids; readonly close: () => Promise<void> }

const idsOfAKind = 20_000

/** Opens the shop of a size in the embedded server, whatever `DATABASE_URL` says, and makes it the first time. */
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
    return { url, ids: await readIds(sql, products), close: stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const readIds = async (sql: Sql, products: number): Promise<Ids> => {
  const read = async (table: string, id: string): Promise<number[]> => {
    const rows = await sql.unsafe<{ id: number }[]>(
      `select ${id} as id from ${table} order by random() limit ${idsOfAKind}`,
    )
    return rows.map((row) => row.id)
  }
  return {
    products: await read('products', 'product_id'),
    pages: Array.from({ length: idsOfAKind }, () => 1 + Math.floor((Math.random() * products) / 5)),
    questions: await read('questions', 'question_id'),
    reviews: await read('reviews', 'review_id'),
    answers: await read('answers', 'answer_id'),
    skus: await read('skus', 'sku_id'),
  }
}

// An import puts these into documents; no request reads them row by row.
const unread = ['features', 'related', 'styles', 'photos', 'skus', 'characteristics', 'characteristic_reviews']

/** Reads the tables that requests read, and their indexes, into memory: the API is measured, not the disk after a pause. */
export const prewarm = async (url: string): Promise<void> => {
  const sql = client(url, { max: 1 })
  await sql`create extension if not exists pg_prewarm`
  await sql`
    select pg_prewarm(relation::oid::regclass, 'read')
    from pg_stat_user_tables join pg_class on pg_class.oid = relid, lateral (
      select relid union all select indexrelid from pg_index where indrelid = relid
      union all select nullif(reltoastrelid, 0) where reltoastrelid <> 0
    ) part(relation)
    where pg_class.relname not in (select json_array_elements_text(${JSON.stringify(unread)}::json))`
  await sql.end({ timeout: 5 })
}

/** Fills a database from a folder with the CSV files of a shop, which is removed after it. */
export const withFiles = async (
  products: number,
  url: string,
  load: (folder: string) => Promise<unknown>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    console.error(`Making a shop of ${products} products, once.`)
    await generate(folder, { products, seed: 1 })
    await load(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
  const sql = client(url, { max: 1 })
  await sql`vacuum analyze`
  await sql.end({ timeout: 5 })
}

const fill = (url: string, products: number): Promise<void> =>
  withFiles(products, url, (folder) =>
    importFolder(url, folder, { progress: progressOn(), rejects: join(folder, 'rejects.csv') }),
  )
