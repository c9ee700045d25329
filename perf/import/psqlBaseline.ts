import type { Sql } from '../../db/client.ts'
import { photoSteps } from '../../importer/build/photos.ts'
import { fillStep } from '../../importer/build/phases.ts'
import { findFiles, type SourceFile } from '../../importer/csv/files.ts'
import { createPlan, tableNames } from '../../importer/plan.ts'
import {
  cloneTableSql,
  cloneIndexSteps,
  cloneReferenceSteps,
  cloneViewSteps,
} from '../../importer/build/cloneTables.ts'
import { columnsOf, filledColumns, keyOf, type Table } from '../../importer/tables/table.ts'

/** A step of an import with psql. */
export type Script = { readonly name: string; readonly script: string }

/**
 * Scripts for psql that import the files of a folder into the same tables, with the same keys, indexes and totals:
 * `\copy` into tables without any, then the columns that files lack, without orphans, and then the rest.
 */
export const buildScripts = async (sql: Sql, folder: string): Promise<Script[]> => {
  const files = await findFiles(folder)
  const plan = createPlan(folder, files, true)
  const names = tableNames(plan)
  const tables = plan.tables.map(({ name }) => name)
  const { references, checks } = await cloneReferenceSteps(sql, names)
  const join = (steps: readonly { readonly sql: string }[]) => steps.map((step) => `${step.sql};`).join('\n')
  const documents = plan.derived.map(({ name }) => name)
  const copy = [
    'create schema staging;',
    ...(await Promise.all(names.map((name) => cloneTableSql(sql, name)))),
    ...(await Promise.all(files.map((file) => createRawTable(sql, file)))),
    ...files.map(copyFile),
  ]
  return [
    { name: 'copy', script: copy.join('\n') },
    { name: 'convert', script: files.map(({ table }) => convertRows(table)).join('\n') },
    { name: 'views', script: join(await cloneViewSteps(sql, names)) },
    { name: 'photos', script: `create table staging.steps (name text, xid xid);${join(await photoSteps(sql, plan))}` },
    { name: 'index', script: join(await cloneIndexSteps(sql, tables)) },
    { name: 'documents', script: join(await Promise.all(plan.derived.map((each) => fillStep(sql, each)))) },
    { name: 'index documents', script: join(await cloneIndexSteps(sql, documents)) },
    { name: 'check', script: join([...references, ...checks]) },
    { name: 'analyze', script: names.map((name) => `analyze ${name};`).join('\n') },
  ]
}

/** A file can go straight into its table unless the table has other types, or columns that the file lacks. */
const isPlain = (table: Table): boolean =>
  table.owner === undefined &&
  table.name !== 'cart_items' &&
  !columnsOf(table).some(({ name }) => name.endsWith('date'))

const createRawTable = async (sql: Sql, { table }: SourceFile): Promise<string> => {
  if (isPlain(table)) return ''
  const types = await sql<{ name: string; type: string }[]>`
    select attname as name, format_type(atttypid, atttypmod) as type
    from pg_attribute where attrelid = ${table.name}::regclass`
  const typeOf = (name: string): string => {
    const type = types.find((column) => column.name === name)?.type ?? 'text'
    return type === 'date' ? 'bigint' : type === 'bytea' ? 'text' : type
  }
  return `create table raw_${table.name} (${columnsOf(table)
    .map(({ name }) => `${name} ${typeOf(name)}`)
    .join(', ')});`
}

const copyFile = ({ path, header, table }: SourceFile): string => {
  const columns = header.columns.map((inFile) => columnsOf(table).find((column) => column.inFile === inFile)?.name)
  const target = isPlain(table) ? table.name : `raw_${table.name}`
  return `\\copy ${target} (${columns.join(', ')}) from '${path}' with (format csv, header, null 'null')`
}

const convertRows = (table: Table): string => {
  const others = table.parents.filter((parent) => parent !== table.owner && table.name !== 'cart_items')
  const orphans = others.map(
    (parent) =>
      `delete from ${table.name} where not exists (
         select from ${parent.name} where ${parent.name}.${keyOf(parent)} = ${table.name}.${keyOf(parent)});`,
  )
  if (isPlain(table)) return orphans.join('\n')
  const valueOf = (name: string): string => {
    if (name.endsWith('date')) return `to_timestamp(raw.${name} / 1000.0)::date`
    if (name === 'cart') return 'sha256(raw.cart::bytea)'
    if (table.photoColumns?.includes(name)) return `'[]'`
    if (name === 'position') return '(1 + row_number() over ())::int'
    if (name === 'product_id' && table.owner) return 'owner.product_id'
    return `raw.${name}`
  }
  const columns = filledColumns(table)
  const { owner } = table
  const join = owner ? `join ${owner.name} owner using (${keyOf(owner)})` : ''
  return `
    insert into ${table.name} (${columns.join(', ')})
    select ${columns.map(valueOf).join(', ')} from raw_${table.name} raw ${join};
    drop table raw_${table.name};
    ${orphans.join('\n')}`
}
