import type { Sql } from '../../db/client.ts'
import { albumsOf } from '../../importer/build/photos.ts'
import { fillOf } from '../../importer/build/phases.ts'
import { findFiles, type SourceFile } from '../../importer/csv/files.ts'
import { planOf, namesIn } from '../../importer/plan.ts'
import { creationOf, indexesOf, referencesOf, viewsOf } from '../../importer/build/cloneTables.ts'
import { columnsOf, filledColumns, keyOf, type Table } from '../../importer/tables/table.ts'

/** A part of what someone does who imports with psql: its name and its script. */
export type Part = { readonly name: string; readonly script: string }

/**
 * What psql does to bring the files of a folder into the same tables, with the same keys, indexes and totals: `\copy` into
 * tables without any, what the files lack (days, the products of rows, orphans left out), and then the rest.
 */
export const byHand = async (sql: Sql, folder: string): Promise<Part[]> => {
  const files = await findFiles(folder)
  const plan = planOf(folder, files, true)
  const names = namesIn(plan)
  const tables = plan.tables.map(({ name }) => name)
  const { references, checks } = await referencesOf(sql, names)
  const sqlOf = (steps: readonly { readonly sql: string }[]) => steps.map((step) => `${step.sql};`).join('\n')
  const creations = await Promise.all(names.map((name) => creationOf(sql, name)))
  const raws = await Promise.all(files.map((file) => rawTable(sql, file)))
  return [
    { name: 'copy', script: ['create schema incoming;', ...creations, ...raws, ...files.map(copyOf)].join('\n') },
    { name: 'convert', script: files.map(({ table }) => conversionOf(table)).join('\n') },
    {
      name: 'gather',
      script: [
        sqlOf(await viewsOf(sql, names)),
        'create table incoming.steps (name text, xid xid);',
        sqlOf(await albumsOf(sql, plan)),
      ].join('\n'),
    },
    { name: 'index', script: sqlOf(await indexesOf(sql, tables)) },
    {
      name: 'prepare',
      script: [
        sqlOf(await Promise.all(plan.prepared.map((each) => fillOf(sql, each)))),
        sqlOf(
          await indexesOf(
            sql,
            plan.prepared.map(({ name }) => name),
          ),
        ),
      ].join('\n'),
    },
    {
      name: 'check',
      script: [sqlOf(references), sqlOf(checks), ...names.map((name) => `analyze ${name};`)].join('\n'),
    },
  ]
}

/** A file can go straight into its table unless the table has other types, or columns that the file lacks. */
const isPlain = (table: Table): boolean =>
  table.owner === undefined &&
  table.name !== 'cart_items' &&
  !columnsOf(table).some(({ name }) => name.endsWith('date'))

const rawTable = async (sql: Sql, { table }: SourceFile): Promise<string> => {
  if (isPlain(table)) return ''
  const types = await sql<{ name: string; type: string }[]>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = ${table.name}::regclass`
  const typeOf = (name: string): string => {
    const type = types.find((column) => column.name === name)?.type ?? 'text'
    return type === 'date' ? 'bigint' : type === 'bytea' ? 'text' : type
  }
  return `create table raw_${table.name} (${columnsOf(table)
    .map(({ name }) => `${name} ${typeOf(name)}`)
    .join(', ')});`
}

const copyOf = ({ path, header, table }: SourceFile): string => {
  const columns = header.columns.map((inFile) => columnsOf(table).find((column) => column.inFile === inFile)?.name)
  const target = isPlain(table) ? table.name : `raw_${table.name}`
  return `\\copy ${target} (${columns.join(', ')}) from '${path}' with (format csv, header, null 'null')`
}

const conversionOf = (table: Table): string => {
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
    if (table.albums?.includes(name)) return `'[]'`
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
