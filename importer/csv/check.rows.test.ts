import { expect, test } from 'vitest'
import { id, reference, text } from '../columns.ts'
import type { Table } from '../tables/table.ts'
import { createRowChecker } from './check.ts'
import { IdSet, ParentIndex } from './parents.ts'

const shops: Table = { name: 'shops', files: ['shop.csv'], columns: { id: ['product_id', id] }, parents: [] }
const shelves: Table = {
  name: 'shelves',
  files: ['shelves.csv'],
  columns: { id: ['shelf_id', id], shop: ['product_id', reference], label: text },
  parents: [shops],
  keepsOrder: true,
}
const boxes: Table = {
  name: 'boxes',
  files: ['boxes.csv', 'box.csv'],
  columns: { id: ['box_id', id], shelf: ['shelf_id', reference], shop: ['product_id', reference] },
  parents: [shops, shelves],
  owner: shelves,
  isDated: true,
  photoColumns: ['photos', 'urls'],
}
const labels: Table = {
  ...boxes,
  name: 'labels',
  columns: { id: ['label_id', id], shelf: ['shelf_id', reference] },
  parents: [shelves],
}

const moment = '2026-01-02T03:04:05.000Z'
const indexOf = (...rows: [id: number, product: number][]) => {
  const index = new ParentIndex()
  for (const [id, product] of rows) index.set(id, product)
  return index
}
const readerOf = (table: Table, columns: string[], parents: Record<string, ParentIndex> = {}, own?: ParentIndex) => {
  const context = { parents: new Map(Object.entries(parents)), index: own, ids: new IdSet(), startedAt: moment }
  const check = createRowChecker({ name: table.files[0], header: { columns }, table } as never, context)
  return (...cells: string[]) => check({ line: 7, cells, isRepaired: false })
}

test('a row has its values in the order of the table, whatever the order of the file, and its line', () => {
  const read = readerOf(shelves, ['label', 'more', 'id', 'shop'])
  expect(read('top', 'x', '3', '9')).toEqual(['3', '9', 'top', '7'])
})

test('a row has the product of its owner, the moment of the import and a place for photos', () => {
  const parents = { shops: indexOf([9, 9]), shelves: indexOf([3, 5]) }
  expect(readerOf(boxes, ['id', 'shelf', 'shop'], parents)('1', '3', '9')).toEqual([
    '1',
    '3',
    '9',
    '5',
    moment,
    '[]',
    '[]',
  ])
  expect(readerOf(labels, ['id', 'shelf'], parents)('1', '3')).toEqual(['1', '3', '5', moment, '[]', '[]'])
})

test('the children of a row find its product, which is its own where it names one', () => {
  const [ofShelves, ofBoxes, ofShops] = [indexOf(), indexOf(), indexOf()]
  readerOf(shelves, ['id', 'shop', 'label'], {}, ofShelves)('3', '9', 'top')
  readerOf(boxes, ['id', 'shelf', 'shop'], { shops: indexOf([9, 9]), shelves: indexOf([3, 5]) }, ofBoxes)('1', '3', '9')
  readerOf(shops, ['id'], {}, ofShops)('4')
  expect([ofShelves.get(3), ofBoxes.get(1), ofShops.get(4)]).toEqual([9, 5, 4])
})

test('a cell that cannot be read is named as the file has it, with the reason', () => {
  const read = readerOf(shelves, ['id', 'shop', 'label'])
  expect(read('3', 'x', 'top')).toEqual({
    file: 'shelves.csv',
    line: 7,
    column: 'shop',
    value: 'x',
    reason: 'Expected a whole number from 0 to 2147483647.',
  })
  expect(read('3')).toMatchObject({ column: 'shop', value: '' })
})

test('a row without its parent is refused, and its id stays free', () => {
  const read = readerOf(boxes, ['id', 'shelf', 'shop'], { shelves: indexOf([3, 5]) })
  expect(read('1', '4', '9')).toEqual({
    file: 'boxes.csv',
    line: 7,
    column: 'shelf',
    value: '4',
    reason: 'No row of shelves has this id: import it with shelves.csv, or correct it.',
  })
  expect(read('1', '3', '9')).toHaveLength(7)
  expect(read('1', '3', '9')).toEqual({
    file: 'boxes.csv',
    line: 7,
    column: 'id',
    value: '1',
    reason: 'A row above has the same id, and is loaded: leave one of them.',
  })
})

test('a column that its file may lack has its default there, and is read where the file has it', () => {
  const table: Table = { ...shelves, columns: { ...shelves.columns, note: ['note', text, 'none'] } }
  expect(readerOf(table, ['id', 'shop', 'label'])('3', '9', 'top')).toEqual(['3', '9', 'top', 'none', '7'])
  expect(readerOf(table, ['id', 'shop', 'label', 'note'])('3', '9', 'top', 'x')).toEqual(['3', '9', 'top', 'x', '7'])
})
