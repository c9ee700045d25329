import type { Command, Lookup } from './database.ts'

type AnyStatement<Key> = Lookup<Key, unknown> | Command<Key, unknown>

/** SQL as a driver takes it: the same text for any keys of a statement, so that it can be prepared. */
export type Sql = { readonly text: string; readonly parameters: string[] }

/** The SQL that answers keys: the statement's own, with `keys` made of one array parameter, a literal, for each column. */
export const buildSql = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): Sql => ({
  text: textOf(statement),
  parameters: parametersOf(statement, keys),
})

const texts = new WeakMap<object, string>()

const textOf = <Key>(statement: AnyStatement<Key>): string => {
  const known = texts.get(statement)
  if (known !== undefined) return known
  const columns = Object.entries<string>(statement.columns)
  const arrays = columns.map(([, type], index) => `$${index + 1}::text::${type}[]`).join(', ')
  const names = columns.map(([name]) => `"${name}"`).join(', ')
  const keys = `with keys as (select * from unnest(${arrays}) with ordinality as keys(${names}, n))`
  const [, own] = /^with\s+(.*)$/s.exec(statement.sql) ?? []
  const text = own === undefined ? `${keys}\n${statement.sql}` : `${keys}, ${own}`
  texts.set(statement, text)
  return text
}

const parametersOf = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): string[] =>
  Object.entries<string>(statement.columns).map(([name, type]) => {
    const write = writers[type] ?? String
    return `{${keys.map((key) => write(key[name as keyof Key])).join(',')}}`
  })

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** How a value stands in the literal of an array, where numbers and booleans stand as they are. */
const writers: Readonly<Record<string, (value: unknown) => string>> = {
  text: (value) => quoted(String(value)),
  json: (value) => quoted(JSON.stringify(value)),
}
