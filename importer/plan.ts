import type { SourceFile } from './csv/files.ts'
import { questions } from './tables/questions.ts'
import { reviews } from './tables/reviews.ts'
import type { Table } from './tables/table.ts'
import {
  photoColumns,
  childrenOf,
  derivedTables,
  tables,
  type PhotoColumns,
  type DerivedTable,
} from './tables/index.ts'

/** The tables that an import builds, to replace the live ones. */
export type Plan = {
  readonly folder: string
  readonly files: readonly SourceFile[]
  /** Replaces the whole data set; otherwise live rows that are in no file are carried over. */
  readonly isFresh: boolean
  /** The imported tables, parents before children. */
  readonly tables: readonly Table[]
  /** The photo columns of these tables. */
  readonly photoColumns: readonly PhotoColumns[]
  /** The tables derived from these. */
  readonly derived: readonly DerivedTable[]
}

/**
 * A table is built with all its descendants, so that no row keeps a parent that is gone, and with the tables that show
 * its rows or whose rows moderators remove together with its.
 */
export const createPlan = (folder: string, files: readonly SourceFile[], isFresh: boolean): Plan => {
  const affected = new Set(isFresh ? tables : files.map(({ table }) => table))
  for (let size = 0; size !== affected.size;) {
    size = affected.size
    for (const { of, shows } of photoColumns) if (affected.has(shows)) affected.add(of)
    // Moderators remove a row with its children, which must not refer to another set of rows.
    for (const { owner } of affected) if (owner === questions || owner === reviews) affected.add(owner)
    for (const table of affected) for (const child of childrenOf(table)) affected.add(child)
  }
  return {
    folder,
    files,
    isFresh,
    tables: tables.filter((table) => affected.has(table)),
    photoColumns: photoColumns.filter(({ of }) => affected.has(of)),
    derived: derivedTables.filter(({ of }) => of.some((table) => affected.has(table))),
  }
}

/** The names of all tables that an import builds. */
export const tableNames = ({ tables, derived }: Plan): string[] => [...tables, ...derived].map(({ name }) => name)
