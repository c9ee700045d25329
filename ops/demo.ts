import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client, type Sql } from '../db/client.ts'
import { generate } from '../importer/generate/generate.ts'
import { importFolder } from '../importer/load.ts'
import { progressOn } from '../importer/progress.ts'

/** Fills a database without products with the demo set: 1000 products, with pictures that an API serves. */
export const fillIfEmpty = async (url: string, api: string): Promise<void> => {
  const sql = client(url, { max: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    if (await hasProducts(sql)) return
    console.log('The database is empty: filling it with a demo set of 1000 products.')
    await generate(folder, { products: 1000, seed: 1, pictures: `${api}/pictures` })
    // The set has defects on purpose, as real files do; its rejects are not kept.
    await importFolder(url, folder, { progress: progressOn(), rejects: join(folder, 'rejects.csv') })
  } catch (error) {
    // Another process may fill it at the same time.
    if (!(await waitForOtherImport(sql))) throw error
  } finally {
    await rm(folder, { recursive: true })
    await sql.end({ timeout: 5 })
  }
}

const hasProducts = async (sql: Sql): Promise<boolean> => {
  const [row] = await sql<{ exists: boolean }[]>`select exists (select from products)`
  return row?.exists === true
}

/** Waits for the end of another import. True if it has filled the database. */
const waitForOtherImport = async (sql: Sql): Promise<boolean> => {
  await sql`select pg_advisory_lock(hashtext('atelierx import'))`
  await sql`select pg_advisory_unlock(hashtext('atelierx import'))`
  return hasProducts(sql)
}

const pictureColumns = [
  ['photos', 'url', 'text'],
  ['photos', 'thumbnail_url', 'text'],
  ['review_photos', 'url', 'text'],
  ['answer_photos', 'url', 'text'],
  ['reviews', 'photos', 'json'],
  ['answers', 'photos', 'json'],
  ['answers', 'photo_urls', 'json'],
  ['style_documents', 'styles', 'text'],
] as const

/** Changes the picture URLs of the demo set to those of a running API, unless another API still serves them. */
export const updatePictureUrls = async (url: string, api: string): Promise<void> => {
  const sql = client(url, { max: 1 })
  try {
    const [photo] = await sql<{ url: string }[]>`
      select url from photos where url ~ '^http://[^/]+/pictures/[^/]+/[0-9]+[.]svg' limit 1`
    if (!photo || photo.url.startsWith(`${api}/`) || (await isServed(photo.url))) return
    const { origin } = new URL(photo.url)
    const changes = pictureColumns.map(
      ([table, column, type]) => `
      update ${table}
      set ${column} = replace(${column}::text, '${origin}/pictures/', '${api}/pictures/')::${type}
      where ${column}::text like '%${origin}/pictures/%'`,
    )
    await sql.unsafe(changes.join(';'))
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const isServed = (picture: string): Promise<boolean> =>
  fetch(picture, { signal: AbortSignal.timeout(1000) }).then(
    ({ ok }) => ok,
    () => false,
  )
