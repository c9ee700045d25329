import type { Sql } from '../db/connect.ts'
import { columnsOf, keyOf, type Table } from './table.ts'
import { tables } from './tables.ts'

/** The names of the columns that a file gives its table. */
export const namesOf = (table: Table): string[] => columnsOf(table).map(({ name }) => name)

/** Makes the tables that a file is read into: its rows, and those that are set aside. They end with the connection. */
export const createIncoming = async (sql: Sql, table: Table): Promise<void> => {
  await sql.unsafe(`
    create temporary table incoming as select 0 as line, ${namesOf(table).join(', ')} from ${table.name} with no data;
    create temporary table set_aside (line int, "column" text, value text, reason text)`)
}

/**
 * Makes a table's rows those of `incoming`, whole or not at all, except for the rows that `set_aside` then tells of. Rows
 * that are the same already are left alone, and so are those that the file lacks.
 */
export const merge = async (sql: Sql, table: Table): Promise<void> => {
  await sql`analyze incoming`
  await sql`begin`
  await sql`select pg_advisory_xact_lock(hashtext('atelierx import'))`
  await setAsideRepeated(sql, table)
  for (const parent of table.parents) await setAsideOrphans(sql, table, parent)
  const moved = await findMoved(sql, table)
  await sql.unsafe(upsert(table))
  if (moved > 0) for (const statement of follow(table, 'select id from moved')) await sql.unsafe(statement)
  await sql.unsafe(advanceSequence(table))
  await sql`commit`
  await sql.unsafe(`analyze ${table.name}`)
}

const inFile = (table: Table, column: string): string =>
  columnsOf(table).find(({ name }) => name === column)?.inFile ?? column

const setAsideRepeated = (sql: Sql, table: Table) => {
  const key = keyOf(table)
  return sql.unsafe(`
    with repeated as (select ${key}, max(line) as last from incoming group by ${key} having count(*) > 1),
    gone as (
      delete from incoming using repeated
      where incoming.${key} = repeated.${key} and line < last
      returning line, incoming.${key} as id, last
    )
    insert into set_aside
    select line, '${inFile(table, key)}', id, format('The id comes again on line %s, and the last row is loaded: leave one.', last)
    from gone`)
}

const setAsideOrphans = (sql: Sql, table: Table, parent: Table) => {
  const key = keyOf(parent)
  return sql.unsafe(`
    with gone as (
      delete from incoming where not exists (select from ${parent.name} where ${parent.name}.${key} = incoming.${key})
      returning line, ${key} as id
    )
    insert into set_aside
    select line, '${inFile(table, key)}', id, 'No row of ${parent.name} has this id: import it with ${parent.files[0]}, or correct it.'
    from gone`)
}

/** Notes in `moved` the rows that go to another product, and returns how many. */
const findMoved = async (sql: Sql, table: Table): Promise<number> => {
  const key = keyOf(table)
  if (childrenOf(table).length === 0) return 0
  const { count } = await sql.unsafe(`
    create temporary table moved as
    select ${key} as id from (${source(table)}) as source join ${table.name} using (${key})
    where source.product_id <> ${table.name}.product_id`)
  return count
}

/** The columns that the rows of `incoming` give a table, beside those in the file, and where they come from. */
const derived = ({ keepsOrder, owner }: Table): Record<string, string> => ({
  ...(keepsOrder ? { position: 'incoming.line' } : {}),
  ...(owner ? { product_id: `${owner.name}.product_id` } : {}),
})

/** What of `incoming` goes into the table: all of it, with the product of the parent that owns it. */
const source = (table: Table): string => {
  const names = namesOf(table).map((name) => `incoming.${name}`)
  const others = Object.entries(derived(table)).map(([name, from]) => `${from} as ${name}`)
  const join = table.owner ? ` join ${table.owner.name} using (${keyOf(table.owner)})` : ''
  return `select ${[...names, ...others].join(', ')} from incoming${join}`
}

const upsert = (table: Table): string => {
  const names = [...namesOf(table), ...Object.keys(derived(table))]
  const [key, ...others] = names
  const current = others.map((name) => `${table.name}.${name}`).join(', ')
  const incoming = others.map((name) => `excluded.${name}`).join(', ')
  return `
    insert into ${table.name} (${names.join(', ')}) ${source(table)}
    on conflict (${key}) do update set (${others.join(', ')}) = row (${incoming})
    where (${current}) is distinct from (${incoming})`
}

const childrenOf = (table: Table): Table[] => tables.filter(({ owner }) => owner === table)

/** The statements that give a product's rows its product_id when those of a table, whose ids a query gives, have moved. */
const follow = (table: Table, moved: string): string[] =>
  childrenOf(table).flatMap((child) => [
    `update ${child.name} set product_id = ${table.name}.product_id from ${table.name}
     where ${child.name}.${keyOf(table)} = ${table.name}.${keyOf(table)} and ${table.name}.${keyOf(table)} in (${moved})`,
    ...follow(child, `select ${keyOf(child)} from ${child.name} where ${keyOf(table)} in (${moved})`),
  ])

/** Lets the sequence of the ids go on from the largest, and never back. */
const advanceSequence = (table: Table): string => {
  const key = keyOf(table)
  const sequence = `pg_get_serial_sequence('${table.name}', '${key}')::regclass`
  return `
    select setval(${sequence}, max(${key})) from ${table.name}
    having max(${key}) >= coalesce(pg_sequence_last_value(${sequence}), 1)`
}
