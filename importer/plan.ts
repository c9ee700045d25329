import type { SourceFile } from './csv/files.ts'
import type { Table } from './tables/table.ts'
import {
  photoColumns,
  childrenOf,
  derivedTables,
  tables,
  type PhotoColumns,
  type DerivedTable,
} from './tables/index.ts'

/** What an import builds beside the live tables, to put it in their place. */
export type Plan = {
  readonly folder: string
  readonly files: readonly SourceFile[]
  /** Whether the files' rows replace all that there is; otherwise rows that no file names are kept. */
  readonly isFresh: boolean
  /** Tables with rows of their own, parents before children. */
  readonly tables: readonly Table[]
  /** Those of them whose rows show others. */
  readonly photoColumns: readonly PhotoColumns[]
  /** Tables that are made of those. */
  readonly derived: readonly DerivedTable[]
}

/**
 * A table is built anew with all that hangs on it, so that nothing is left that belongs to rows of before, and with those
 * whose rows show its own.
 */
export const planOf = (folder: string, files: readonly SourceFile[], isFresh: boolean): Plan => {
  const concerned = new Set(isFresh ? tables : files.map(({ table }) => table))
  for (const { of, shows } of photoColumns) if (concerned.has(shows)) concerned.add(of)
  for (const table of tables) if (concerned.has(table)) for (const child of childrenOf(table)) concerned.add(child)
  return {
    folder,
    files,
    isFresh,
    tables: tables.filter((table) => concerned.has(table)),
    photoColumns: photoColumns.filter(({ of }) => concerned.has(of)),
    derived: derivedTables.filter(({ of }) => of.some((table) => concerned.has(table))),
  }
}

/** The names of all tables that an import builds. */
export const namesIn = ({ tables, derived }: Plan): string[] => [...tables, ...derived].map(({ name }) => name)
