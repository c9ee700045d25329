import type { Command, Lookup } from '../handlers/database.ts'

type AnyStatement<Key> = Lookup<Key, unknown> | Command<Key, unknown>

const texts = new WeakMap<object, string>()

/** The SQL that answers keys: the statement's own, with `keys` made of one array parameter for each column. */
export const textOf = <Key>(statement: AnyStatement<Key>): string => {
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

/** The parameters of `textOf`: the columns of the keys as array literals. */
export const parametersOf = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): string[] =>
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
