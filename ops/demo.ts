import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { client, type Sql } from '../db/client.ts'
import { generate } from '../importer/generate/generate.ts'
import { importFolder } from '../importer/load.ts'
import { progressOn } from '../importer/progress.ts'

/** Fills a database that holds no products with the demo set of 1000 products, whose pictures an API at an address serves. */
export const fillIfEmpty = async (url: string, api: string): Promise<void> => {
  const sql = client(url, { max: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
  try {
    if (await isFull(sql)) return
    console.log('The database is empty: filling it with a demo set of 1000 products.')
    await generate(folder, { products: 1000, seed: 1, pictures: `${api}/pictures` })
    // The set has some faults of the real one: what is refused of it is nobody's loss.
    await importFolder(url, folder, { progress: progressOn(), rejects: join(folder, 'rejects.csv') })
  } catch (error) {
    // Another start fills it at the same time.
    if (!(await waitForOther(sql))) throw error
  } finally {
    await rm(folder, { recursive: true })
    await sql.end({ timeout: 5 })
  }
}

const isFull = async (sql: Sql): Promise<boolean> => {
  const [state] = await sql<{ full: boolean }[]>`select exists (select from products) as full`
  return state?.full === true
}

/** Waits for the end of an import that is under way, and says whether it has filled the database. */
const waitForOther = async (sql: Sql): Promise<boolean> => {
  await sql`select pg_advisory_lock(hashtext('atelierx import'))`
  await sql`select pg_advisory_unlock(hashtext('atelierx import'))`
  return isFull(sql)
}

const columns = [
  ['photos', 'url'],
  ['photos', 'thumbnail_url'],
  ['review_photos', 'url'],
  ['answer_photos', 'url'],
  ['reviews', 'photos'],
  ['answers', 'photos'],
  ['answers', 'photo_urls'],
  ['style_documents', 'styles'],
] as const

/** Points the pictures of the demo set at an API that now serves them, unless the one they name still does. */
export const showPictures = async (url: string, api: string): Promise<void> => {
  const sql = client(url, { max: 1 })
  try {
    const [photo] = await sql<{ url: string }[]>`
      select url from photos where url ~ '^http://[^/]+/pictures/[^/]+/[0-9]+[.]svg' limit 1`
    const before = photo && new URL(photo.url).origin
    if (before === undefined || before === api || (await isServed(photo!.url))) return
    const changes = columns.map(
      ([table, column]) => `
      update ${table} set ${column} = replace(${column}::text, '${before}/pictures/', '${api}/pictures/')::${/^photo(s|_urls)$/.test(column) ? 'json' : 'text'}
      where ${column}::text like '%${before}/pictures/%'`,
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
