import { type Command, type Lookup, namesIn } from './database.ts'

type AnyStatement<Key> = Lookup<Key, unknown> | Command<Key, unknown>

/**
 * SQL and its parameters for a driver. The text is the same for all keys of a statement, so that it can be prepared.
 */
export type Sql = { readonly text: string; readonly parameters: string[] }

/**
 * Builds the SQL of a statement for keys. Those of a lookup must have the same scalars; its rows have a `key`. Those
 * of a command are numbered by the `n` of its rows, from 1.
 */
export const buildSql = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): Sql => ({
  text: buildText(statement),
  parameters: buildParameters(statement, keys),
})

const textCache = new WeakMap<object, string>()

const buildText = <Key>(statement: AnyStatement<Key>): string => {
  const cached = textCache.get(statement)
  if (cached !== undefined) return cached
  const text = 'key' in statement ? lookupText(statement) : commandText(statement)
  textCache.set(statement, text)
  return text
}

/** `$keys` and scalars become numbered parameters. Drivers write text as it is, and know few types of arrays. */
const lookupText = ({ key, columns, sql }: Lookup<never, unknown>): string => {
  const types = Object.entries(columns)
  return sql.replaceAll(namesIn, (_, name: string) => {
    const index = types.findIndex(([column]) => column === (name === 'keys' ? key : name))
    const type = types[index]?.[1]
    return name === 'keys' ? `$${index + 1}::${type}[]` : `$${index + 1}::text::${type}`
  })
}

/** `keys` is unnested from an array for each column. */
const commandText = ({ columns, relation = 'keys', sql }: Command<never, unknown>): string => {
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::text::${type}[]`)
  const names = Object.keys(columns).map((name) => `"${name}"`)
  const asked = `unnest(${arrays.join(', ')}) with ordinality as asked(${names.join(', ')}, n)`
  const keys = `with ${relation} as (select * from ${asked})`
  const [, expressions] = /^with\s+(.*)$/s.exec(sql) ?? []
  return expressions === undefined ? `${keys}\n${sql}` : `${keys}, ${expressions}`
}

const buildParameters = <Key>(statement: AnyStatement<Key>, keys: readonly Key[]): string[] =>
  Object.entries(statement.columns).map(([name, type]) => {
    const column = name as keyof Key
    if ('key' in statement && name !== statement.key) return writeScalar(type, keys[0]?.[column])
    const write = writers[type] ?? String
    return `{${keys.map((key) => write(key[column])).join(',')}}`
  })

const writeScalar = (type: string, value: unknown): string => (type === 'json' ? JSON.stringify(value) : String(value))

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`

/** Writes a value into an array literal, by its type; numbers and booleans need no quotes. */
const writers: Readonly<Record<string, (value: unknown) => string>> = {
  text: (value) => quote(String(value)),
  json: (value) => quote(JSON.stringify(value)),
}
