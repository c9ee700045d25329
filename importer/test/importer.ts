import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Sql } from '../../db/client.ts'
import { createDatabase, type TestDatabase } from '../../db/test/database.ts'
import { generate } from '../generate/generate.ts'
import { importFolder, type ImportOptions } from '../load.ts'
import { silent, type Phase, type Progress } from '../progress.ts'
import type { FileReport } from '../report/report.ts'
import { derivedTables, tables } from '../tables/index.ts'

/** The text or the bytes of files, by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** The result of an import: the reports by file, and the rejects as rows of `file,line,column,value,reason`. */
export type Imported = { readonly report: Record<string, FileReport>; readonly rejects: string[][] }

/** A migrated database that is empty before each test, and folders of files to import. */
export const useImporter = () => {
  let database: TestDatabase
  let folder: string
  let imports = 0
  beforeAll(async () => {
    database = await createDatabase()
    folder = await mkdtemp(join(tmpdir(), 'atelierx-import-'))
  })
  const empty = () =>
    database.sql.unsafe(`
      drop schema if exists staging, retired cascade;
      truncate ${tables.map(({ name }) => name).join(', ')}, imports, interactions, removed_rows, erased_emails
        restart identity cascade`)
  beforeEach(empty)
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  const write = async (files: Files): Promise<string> => {
    const target = await mkdtemp(join(folder, 'files-'))
    for (const [name, content] of Object.entries(files)) await writeFile(join(target, name), content)
    return target
  }
  const load = async (from: string, options: ImportOptions = {}): Promise<Imported> => {
    const path = join(folder, `rejects-${(imports += 1)}.csv`)
    const { files: reports, rejects } = await importFolder(database.url, from, { ...options, rejects: path })
    return {
      report: Object.fromEntries(reports.map((report) => [report.file, report])),
      rejects: rejects === undefined ? [] : await readRejects(rejects),
    }
  }
  return {
    get sql(): Sql {
      return database.sql
    },
    get url(): string {
      return database.url
    },
    write,
    /** Deletes all rows, and the schemas of imports. */
    empty,
    /** The values of a table's columns, ordered by one. */
    stored: (table: string, columns: string, order: string): Promise<unknown[][]> =>
      database.sql.unsafe(`select ${columns} from ${table} order by ${order}`).values(),
    /** Generates a data set and returns its folder. */
    generate: async (products: number, seed = 1): Promise<string> => {
      const target = await mkdtemp(join(folder, 'set-'))
      await generate(target, { products, seed })
      return target
    },
    load,
    run: async (files: Files, options: ImportOptions = {}): Promise<Imported> => load(await write(files), options),
  }
}

/** The rows of a file of rejects, without its header. */
export const readRejects = async (path: string): Promise<string[][]> =>
  Papa.parse<string[]>((await readFile(path, 'utf8')).trim()).data.slice(1)

/** The row count and a checksum of each table, without times of imports and photo columns. */
export const contentOf = async (sql: Sql): Promise<Record<string, unknown>> => {
  const rows = await sql.unsafe<{ name: string }[]>(
    [...tables, ...derivedTables]
      .map(
        ({ name }) => `
        select '${name}' as name, count(*)::int, md5(string_agg(row, ' ' order by row)) as checksum
        from (
          select regexp_replace((to_jsonb(t) - '{imported_at,photos,photo_urls}'::text[])::text, '\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z', '', 'g') as row
          from ${name} t
        ) written`,
      )
      .join(' union all '),
  )
  return Object.fromEntries(rows.map(({ name, ...content }) => [name, content]))
}

/** Progress callbacks that throw at the start of a phase, which stops the import there. */
export const stoppedAt = (phase: Phase): Progress => ({
  ...silent,
  phase: (name) => {
    if (name === phase) throw new Error(`Stopped at ${phase}.`)
  },
})

const header = 'id,name,slogan,description,category,default_price'

/** A product.csv with these ids. */
export const productsOf = (...ids: readonly number[]): string =>
  [header, ...ids.map((id) => `${id},"Jacket ${id}","Warm","Keeps the rain out","Jackets",140`)].join('\n')

export const reviews = (...rows: readonly string[]): string =>
  [
    'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness',
    ...rows,
  ].join('\n')

export const questions = (...rows: readonly string[]): string =>
  ['id,product_id,body,date_written,asker_name,asker_email,reported,helpful', ...rows].join('\n')

export const answers = (...rows: readonly string[]): string =>
  ['id,question_id,body,date_written,answerer_name,answerer_email,reported,helpful', ...rows].join('\n')

/** A row of questions.csv. */
export const question = (id: number, product: number, body = 'Warm?') =>
  `${id},${product},"${body}",1595884714409,"eve",null,0,1`

/** A row of answers.csv. */
export const answer = (id: number, question: number) => `${id},${question},"Yes",1595884714409,"ann",null,0,1`
