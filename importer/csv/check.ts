import { isCellError, type Value } from '../columns.ts'
import type { SourceFile } from './files.ts'
import type { IdSet, ParentIndex } from './parents.ts'
import type { Row } from './records.ts'
import type { Reject } from '../report/rejects.ts'
import { columnsOf, keyOf, type Table } from '../tables/table.ts'

/** The state that the rows of a table are checked against; each valid row is added to it. */
export type RowContext = {
  /** The rows of parent tables, by table name. Rows of a table that is missing here are assumed to exist. */
  readonly parents: ReadonlyMap<string, ParentIndex>
  /** The rows of the table itself, if it has children. */
  readonly index?: ParentIndex | undefined
  /** The ids of the rows so far. */
  readonly ids: IdSet
  /** The start of the import, as an ISO time. */
  readonly startedAt: string
}

/** Returns a function that turns a row into the values of `filledColumns`, or into a reject with the reason. */
export const createRowChecker = (
  { name: file, header, table }: SourceFile,
  context: RowContext,
): ((row: Row) => Value[] | Reject) => {
  const columns = columnsOf(table).map((column) => ({ ...column, position: header.columns.indexOf(column.inFile) }))
  const parents = table.parents.map((parent) => findParent(table, parent, context))
  const product = columns.findIndex(({ name }) => name === 'product_id')
  const photoColumns = (table.photoColumns ?? []).map(() => '[]')
  const { index, ids, startedAt } = context

  return ({ line, cells }) => {
    const values: Value[] = []
    for (const { inFile, position, parse, absent } of columns) {
      if (position === -1 && absent !== undefined) {
        values.push(absent)
        continue
      }
      const cell = cells[position] ?? ''
      const result = parse(cell)
      if (isCellError(result)) return { file, line, column: inFile, value: cell, reason: result.reason }
      values.push(result)
    }
    let productId = product === -1 ? 0 : Number(values[product])
    for (const { position, inFile, rows, isOwner, reason } of parents) {
      const parentProduct = rows ? rows.get(Number(values[position])) : 1
      if (parentProduct === 0) return { file, line, column: inFile, value: values[position] ?? '', reason }
      if (isOwner) productId = parentProduct
    }
    const id = Number(values[0])
    if (!ids.add(id)) return { file, line, column: columns[0]?.inFile ?? '', value: String(id), reason: repeatedId }
    index?.set(id, productId)
    if (table.keepsOrder) values.push(String(line))
    if (table.owner) values.push(String(productId))
    if (table.isDated) values.push(startedAt)
    values.push(...photoColumns)
    return values
  }
}

const repeatedId = 'A row above has the same id, and is loaded: leave one of them.'

const findParent = (table: Table, parent: Table, { parents }: RowContext) => {
  const key = keyOf(parent)
  const position = columnsOf(table).findIndex(({ name }) => name === key)
  return {
    position,
    inFile: columnsOf(table)[position]?.inFile ?? key,
    rows: parents.get(parent.name),
    isOwner: parent === table.owner,
    reason: `No row of ${parent.name} has this id: import it with ${parent.files[0]}, or correct it.`,
  }
}
