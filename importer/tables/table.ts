import type { Column } from '../columns.ts'

/** How a CSV file becomes a table. */
export type Table = {
  readonly name: string
  /** What the file may be called. */
  readonly files: readonly [string, ...string[]]
  /** By its name in the file: how a column is read, and what the table calls it if not the same. The id comes first. */
  readonly columns: Readonly<Record<string, Column | readonly [string, Column]>>
  /** Tables whose id stands in a column of the same name and must be there. */
  readonly parents: readonly Table[]
  /** The parent whose product_id a row takes over, where the file has none. */
  readonly owner?: Table
  /** Whether the table has the line of a row as its position. */
  readonly keepsOrder?: boolean
  /** Whether the table has the moment of the import as its imported_at. */
  readonly isDated?: boolean
  /** Columns that show rows of a child: JSON arrays, which are empty until all is loaded. */
  readonly photoColumns?: readonly string[]
}

/** A column of a file: its name there, its name in the table, and how its cells are read. */
export type ColumnOf = { readonly inFile: string; readonly name: string; readonly read: Column }

/** The columns of a table's file, the id first. */
export const columnsOf = ({ columns }: Table): ColumnOf[] =>
  Object.entries(columns).map(([inFile, column]) =>
    typeof column === 'function'
      ? { inFile, name: inFile, read: column }
      : { inFile, name: column[0], read: column[1] },
  )

/** The names of the columns that an import fills: those of the file, and those that follow from the rest of a row. */
export const filledColumns = (table: Table): string[] => [
  ...columnsOf(table).map(({ name }) => name),
  ...(table.keepsOrder ? ['position'] : []),
  ...(table.owner ? ['product_id'] : []),
  ...(table.isDated ? ['imported_at'] : []),
  ...(table.photoColumns ?? []),
]

/** The name of a table's id column. */
export const keyOf = (table: Table): string => columnsOf(table)[0]?.name ?? ''
