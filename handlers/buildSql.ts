import type { Command, Lookup } from './database.ts'

type AnyStatement<Key> = Lookup<Key, unknown> | Command<Key, unknown>

/**
 * SQL and its parameters for a driver. The text is the same for all keys of a statement, so that it can be prepared.
 */
export type Sql = { readonly text: string; readonly parameters: string[] }

/** Builds the SQL of a statement for keys: `keys` is unnested from one array literal a column. */
export const buildSql = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): Sql => ({
  text: buildText(statement),
  parameters: buildParameters(statement, keys),
})

const textCache = new WeakMap<object, string>()

const buildText = <Key>(statement: AnyStatement<Key>): string => {
  const cached = textCache.get(statement)
  if (cached !== undefined) return cached
  const columns = Object.entries<string>(statement.columns)
  const arrays = columns.map(([, type], index) => `$${index + 1}::text::${type}[]`).join(', ')
  const { relation = 'keys' } = statement
  const names = columns.map(([name]) => `"${name}"`).join(', ')
  const keys = `with ${relation} as (select * from unnest(${arrays}) with ordinality as asked(${names}, n))`
  const [, expressions] = /^with\s+(.*)$/s.exec(statement.sql) ?? []
  const text = expressions === undefined ? `${keys}\n${statement.sql}` : `${keys}, ${expressions}`
  textCache.set(statement, text)
  return text
}

const buildParameters = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): string[] =>
  Object.entries<string>(statement.columns).map(([name, type]) => {
    const write = writers[type] ?? String
    return `{${keys.map((key) => write(key[name as keyof Key])).join(',')}}`
  })

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** Writes a value into an array literal, by its type; numbers and booleans need no quotes. */
const writers: Readonly<Record<string, (value: unknown) => string>> = {
  text: (value) => quote(String(value)),
  json: (value) => quote(JSON.stringify(value)),
}
