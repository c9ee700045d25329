import type { CellParser, Value } from '../columns.ts'

/** The specification of a table: the CSV files that fill it, and their columns. */
export type Table = {
  readonly name: string
  /** The names that its file may have. */
  readonly files: readonly [string, ...string[]]
  /**
   * The columns by their names in the file, the id first: the parser of a cell, or the table's name for the column with
   * it. A file may lack a column that has a value for its absence.
   */
  readonly columns: Readonly<Record<string, CellParser | readonly [name: string, parse: CellParser, absent?: Value]>>
  /** Tables whose id stands in a column of the same name; the row that it names must exist. */
  readonly parents: readonly Table[]
  /** The parent that a row takes its product_id from, if the file has none. */
  readonly owner?: Table
  /** Stores the line number of a row as its position. */
  readonly keepsOrder?: boolean
  /** Stores the start of the import as imported_at. */
  readonly isDated?: boolean
  /** Columns with the photos of a child table: JSON arrays, empty until all rows are loaded. */
  readonly photoColumns?: readonly string[]
}

/** A column of a file, with its name there and in the table. */
export type FileColumn = {
  readonly inFile: string
  readonly name: string
  readonly parse: CellParser
  /** The value where a file lacks the column; it is required if this is undefined. */
  readonly absent: Value | undefined
}

/** The columns of a table's file, the id first. */
export const columnsOf = ({ columns }: Table): FileColumn[] =>
  Object.entries(columns).map(([inFile, column]) => {
    const [name, parse, absent] = typeof column === 'function' ? [inFile, column] : column
    return { inFile, name, parse, absent }
  })

/** The columns that a table's file must have. */
export const requiredColumns = (table: Table): string[] =>
  columnsOf(table).flatMap(({ inFile, absent }) => (absent === undefined ? [inFile] : []))

/** The names of the columns that an import fills: those of the file, then the derived ones. */
export const filledColumns = (table: Table): string[] => [
  ...columnsOf(table).map(({ name }) => name),
  ...(table.keepsOrder ? ['position'] : []),
  ...(table.owner ? ['product_id'] : []),
  ...(table.isDated ? ['imported_at'] : []),
  ...(table.photoColumns ?? []),
]

/** The name of a table's id column. */
export const keyOf = (table: Table): string => columnsOf(table)[0]?.name ?? ''
