/** JSON text of a document of this shape, as PostgreSQL wrote it; it is sent without being parsed. */
export type Json<Shape> = string & { readonly [shape]?: Shape }
declare const shape: unique symbol

type ColumnTypes = { int: number; bigint: number; text: string; boolean: boolean; json: unknown }
type Columns = Readonly<Record<string, keyof ColumnTypes>>
type KeyColumns = Readonly<Record<string, 'int' | 'bigint' | 'text'>>
type KeyOf<Of extends Columns> = { readonly [Name in keyof Of]: ColumnTypes[Of[Name]] }
type One<Of> = { readonly [Name in keyof Of]: keyof Of extends Name ? unknown : never }

/**
 * A read of many keys in one statement: SQL over `$keys`, an array of the column `key`, and a scalar for each other
 * column: `$skip`. It selects `key` and `answer`, JSON of this shape. Answers to a heavy one may be large or take long.
 */
export type Lookup<Key, Answer> = {
  readonly kind: 'lookup' | 'heavy'
  readonly key: string
  readonly columns: Columns
  readonly sql: string
  /** The name of the relation of keys, if it is not `keys`. */
  readonly relation?: string
  readonly [shape]?: (key: Key) => Answer
}

/**
 * A write of many keys in one statement: SQL over the relation `keys`, which has the columns of each key and its number
 * `n`. It selects `n` and `answer`, JSON of this shape.
 */
export type Command<Key, Answer> = {
  readonly kind: 'command' | 'counter'
  readonly columns: Columns
  readonly sql: string
  /** The name of the relation of keys, if it is not `keys`. */
  readonly relation?: string
  readonly [shape]?: (key: Key) => Answer
}

/**
 * The database of a handler. Any may stand behind it: `buildSql` gives the text of a statement and its parameters, all
 * text, for one key or, where the statement allows it, for several that have the same scalars. Answers are parsed by
 * `run` alone. Both methods reject with `Unavailable` when the database is busy or away, and with what it reports when
 * it refuses a statement.
 */
export type Db = {
  /** The answer in the row of a key; undefined without a row, or with a null in it. `heavyLookup` says more. */
  get<Key, Answer>(
    lookup: Lookup<Key, Answer>,
    key: NoInfer<Key>,
  ): Promise<Json<Exclude<Answer, undefined>> | Extract<Answer, undefined>>
  /** Runs a command once and atomically, and returns its row; undefined without one, which its type declares. */
  run<Key, Answer>(command: Command<Key, Answer>, key: NoInfer<Key>): Promise<Answer>
}

/** The database is busy or away: the same request may succeed a little later. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

const lookupOf =
  <Absent>(kind: 'lookup' | 'heavy') =>
  <const Key extends KeyColumns, const Scalars extends Columns = {}>(key: Key & One<Key>, scalars?: Scalars) =>
  <Answer>(
    sql: TemplateStringsArray,
    ...fragments: readonly string[]
  ): Lookup<KeyOf<Key & Scalars>, Answer | Absent> => {
    const lookup = { kind, key: Object.keys(key).join(), columns: { ...key, ...scalars }, sql: join(sql, fragments) }
    checkNames(lookup)
    return lookup
  }

const join = (sql: TemplateStringsArray, fragments: readonly string[]): string => String.raw(sql, ...fragments).trim()

/** The names after a `$` in the SQL of a lookup. */
export const namesIn = /\$([a-z_]\w*)/gi

const checkNames = ({ key, columns, sql }: Lookup<never, unknown>): void => {
  const declared = ['keys', ...Object.keys(columns).filter((name) => name !== key)]
  const used = new Set(Array.from(sql.matchAll(namesIn), ([, name]) => name))
  const wrong = [...declared.filter((name) => !used.delete(name)), ...used]
  if (wrong.length > 0)
    throw new Error(`A lookup must use $${declared.join(', $')} and no other name: $${wrong[0]} in\n${sql}`)
}

/**
 * A read by one column, such as `lookup({ product_id: 'int' }, { skip: 'int', take: 'int' })`. The second argument
 * declares scalars: keys are batched with those that have the same. `take` and `skip` are the limit and offset of a
 * key, by which large and deep pages are kept out of the batches of others. Fragments are SQL: constants of the module,
 * never input.
 */
export const lookup = lookupOf<undefined>('lookup')

/**
 * A lookup that may take long or answer much: each key runs unbatched, in a pool of its own. Without a row, as where an
 * answer would be too large, `Db` rejects with `Unavailable`.
 */
export const heavyLookup = lookupOf<never>('heavy')

const commandOf =
  (kind: 'command' | 'counter') =>
  <const Names extends Columns>(columns: Names) =>
  <Answer>(sql: TemplateStringsArray, ...fragments: readonly string[]): Command<KeyOf<Names>, Answer> => ({
    kind,
    columns,
    sql: join(sql, fragments),
  })

/** A write of one key in one statement. A leading `with` is merged with that of `keys`. */
export const command = commandOf('command')

/** A write of many keys in one statement; a key that is there several times counts each time. */
export const counter = commandOf('counter')
