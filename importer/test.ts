import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Sql } from '../db/connect.ts'
import { createDatabase, type TestDatabase } from '../db/test.ts'
import type { FileReport } from './loadFile.ts'
import { importFolder } from './load.ts'
import { tables } from './tables.ts'

/** The text or the bytes of files, by their names. */
export type Files = Readonly<Record<string, string | Uint8Array>>

/** What came of an import: the figures by file, and the rejects as rows of `file,line,column,value,reason`. */
export type Imported = { readonly report: Record<string, FileReport>; readonly rejects: string[][] }

/** A migrated database, empty before each test, and folders of files to import into it. */
export const useImporter = () => {
  let database: TestDatabase
  let folder: string
  let made = 0
  beforeAll(async () => {
    database = await createDatabase()
    folder = await mkdtemp(join(tmpdir(), 'atelierx-import-'))
  })
  beforeEach(() =>
    database.sql.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`),
  )
  afterAll(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  const write = async (files: Files): Promise<string> => {
    const own = await mkdtemp(join(folder, 'files-'))
    for (const [name, content] of Object.entries(files)) await writeFile(join(own, name), content)
    return own
  }
  return {
    get sql(): Sql {
      return database.sql
    },
    get url(): string {
      return database.url
    },
    write,
    /** Imports files and returns what came of it. */
    run: async (files: Files): Promise<Imported> => {
      const path = join(folder, `rejects-${(made += 1)}.csv`)
      const { files: reports, rejects } = await importFolder(database.url, await write(files), { rejects: path })
      return {
        report: Object.fromEntries(reports.map((report) => [report.file, report])),
        rejects:
          rejects === undefined ? [] : Papa.parse<string[]>((await readFile(rejects, 'utf8')).trim()).data.slice(1),
      }
    },
  }
}

const header = 'id,name,slogan,description,category,default_price'

/** A product.csv of the ids given. */
export const productsOf = (...ids: readonly number[]): string =>
  [header, ...ids.map((id) => `${id},"Jacket ${id}","Warm","Keeps the rain out","Jackets",140`)].join('\n')
