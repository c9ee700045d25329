import { isRefusal, type Value } from '../columns.ts'
import type { SourceFile } from './files.ts'
import type { IdSet, ParentIndex } from './parents.ts'
import type { Row } from './records.ts'
import type { Reject } from '../report/rejects.ts'
import { columnsOf, keyOf, type Table } from '../tables/table.ts'

/** What the rows of a table are checked against, and what they add to it. */
export type RowContext = {
  /** The rows of its parents, by the parents' names. One that is missing is not asked. */
  readonly parents: ReadonlyMap<string, ParentIndex>
  /** The rows of the table itself, for its children. */
  readonly own?: ParentIndex | undefined
  /** The ids that its files have had so far. */
  readonly seen: IdSet
  /** When the import began, as an ISO time. */
  readonly moment: string
}

/** Makes of a row the values of `filledColumns`, or says why it cannot be loaded. */
export const checker = (
  { name: file, header, table }: SourceFile,
  context: RowContext,
): ((row: Row) => Value[] | Reject) => {
  const columns = columnsOf(table).map((column) => ({ ...column, index: header.columns.indexOf(column.inFile) }))
  const parents = table.parents.map((parent) => parentOf(table, parent, context))
  const product = columns.findIndex(({ name }) => name === 'product_id')
  const photoColumns = (table.photoColumns ?? []).map(() => '[]')
  const { own, seen, moment } = context

  return ({ line, cells }) => {
    const values: Value[] = []
    for (const { inFile, index, read } of columns) {
      const cell = cells[index] ?? ''
      const result = read(cell)
      if (isRefusal(result)) return { file, line, column: inFile, value: cell, reason: result.reason }
      values.push(result)
    }
    let owner = product === -1 ? 0 : Number(values[product])
    for (const { place, inFile, owners, isOwner, reason } of parents) {
      const found = owners ? owners.get(Number(values[place])) : 1
      if (found === 0) return { file, line, column: inFile, value: values[place] ?? '', reason }
      if (isOwner) owner = found
    }
    const id = Number(values[0])
    if (!seen.add(id)) return { file, line, column: columns[0]?.inFile ?? '', value: String(id), reason: repeated }
    own?.set(id, owner)
    if (table.keepsOrder) values.push(String(line))
    if (table.owner) values.push(String(owner))
    if (table.isDated) values.push(moment)
    values.push(...photoColumns)
    return values
  }
}

const repeated = 'A row above has the same id, and is loaded: leave one of them.'

const parentOf = (table: Table, parent: Table, { parents }: RowContext) => {
  const key = keyOf(parent)
  const place = columnsOf(table).findIndex(({ name }) => name === key)
  return {
    place,
    inFile: columnsOf(table)[place]?.inFile ?? key,
    owners: parents.get(parent.name),
    isOwner: parent === table.owner,
    reason: `No row of ${parent.name} has this id: import it with ${parent.files[0]}, or correct it.`,
  }
}
