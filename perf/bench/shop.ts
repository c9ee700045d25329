import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client, type Sql } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { dataFolder } from '../../db/folder.ts'
import { migrate } from '../../db/migrate.ts'
import { generate } from '../../importer/generate/generate.ts'
import { importFolder } from '../../importer/load.ts'
import { progressOn } from '../../importer/progress.ts'
import type { Ids } from '../operations.ts'

/** A database with so many products, and ids of what is in it, at random. */
export type Shop = { readonly url: string; readonly ids: Ids; readonly close: () => Promise<void> }

const asMany = 20_000

/** Opens the shop of a size, which is made the first time: in the embedded server, whatever `DATABASE_URL` says. */
export const openShop = async (products: number): Promise<Shop> => {
  const { url, stop } = await startEmbedded(join(dataFolder(), 'bench', String(products)), {
    shared_buffers: '2GB',
    // As in ops: after a checkpoint, the first write to each page logs all of it.
    max_wal_size: '8GB',
    checkpoint_timeout: '15min',
  })
  const sql = client(url, { max: 1 })
  try {
    const ids = await prepare(sql, url, products)
    await sql.end({ timeout: 5 })
    return { url, ids, close: stop }
  } catch (error) {
    await sql.end({ timeout: 5 })
    await stop()
    throw error
  }
}

/** Fills a database that is empty, brings one that is not up to date and into memory, and returns ids of what is in it. */
const prepare = async (sql: Sql, url: string, products: number): Promise<Ids> => {
  await migrate(sql)
  const [state] = await sql<{ full: boolean }[]>`select exists (select from answer_photos) as full`
  if (!state?.full) await fill(url, products)
  await warm(sql)

  const idsOf = async (table: string, id: string): Promise<number[]> => {
    const rows = await sql.unsafe<{ id: number }[]>(
      `select ${id} as id from ${table} order by random() limit ${asMany}`,
    )
    return rows.map((row) => row.id)
  }
  return {
    products: await idsOf('products', 'product_id'),
    pages: Array.from({ length: asMany }, () => 1 + Math.floor((Math.random() * products) / 5)),
    questions: await idsOf('questions', 'question_id'),
    reviews: await idsOf('reviews', 'review_id'),
    answers: await idsOf('answers', 'answer_id'),
    skus: await idsOf('skus', 'sku_id'),
  }
}

/** What is made ready at an import, and is not asked for one by one. */
const unasked = ['features', 'related', 'styles', 'photos', 'skus', 'characteristics', 'characteristic_reviews']

/** Reads the tables that are asked, and their indexes, once: what is measured is the API, and not the disk after a pause. */
const warm = async (sql: Sql): Promise<void> => {
  await sql`create extension if not exists pg_prewarm`
  const relations = await sql<{ oid: number }[]>`
    select relation as oid
    from pg_stat_user_tables join pg_class on pg_class.oid = relid, lateral (
      select relid union all select indexrelid from pg_index where indrelid = relid
      union all select nullif(reltoastrelid, 0) where reltoastrelid <> 0
    ) part(relation)
    where pg_class.relname not in (select json_array_elements_text(${JSON.stringify(unasked)}::json))`
  for (const { oid } of relations) await sql`select pg_prewarm(${oid}::oid::regclass, 'read')`
}

const fill = async (url: string, products: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    console.error(`Making a shop of ${products} products, once.`)
    await generate(folder, { products, seed: 1 })
    await importFolder(url, folder, { progress: progressOn(), rejects: join(folder, 'rejects.csv') })
    const sql = client(url, { max: 1 })
    await sql`vacuum analyze`
    await sql.end({ timeout: 5 })
  } finally {
    await rm(folder, { recursive: true })
  }
}
