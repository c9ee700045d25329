import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { client } from '../db/connect.ts'
import { openDatabase } from '../db/open.ts'
import { generate } from '../importer/generate/generate.ts'
import { importFolder } from '../importer/load.ts'
import { progressOn } from '../importer/progress.ts'
import type { Sizes } from './operations.ts'

/** A database with so many products, and how many things of each kind are in it. */
export type Shop = { readonly url: string; readonly sizes: Sizes; readonly close: () => Promise<void> }

const data = process.env.ATELIER_DATA || fileURLToPath(new URL('../.atelier', import.meta.url))

/** Opens the shop of a size, which is made the first time: in the embedded server, whatever `DATABASE_URL` says. */
export const openShop = async (products: number): Promise<Shop> => {
  const { url, close } = await openDatabase({ ATELIER_DATA: join(data, 'bench', String(products)) })
  const sql = client(url, { max: 1 })
  const count = async (table: string) => {
    const [row] = await sql.unsafe<{ count: number }[]>(`select count(*)::int as count from ${table}`)
    return row?.count ?? 0
  }
  if ((await count('answer_photos')) === 0) await fill(url, products)
  const sizes = {
    products,
    pages: Math.ceil(products / 5),
    questions: await count('questions'),
    reviews: await count('reviews'),
    answers: await count('answers'),
    skus: await count('skus'),
  }
  await sql.end({ timeout: 5 })
  return { url, sizes, close }
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
