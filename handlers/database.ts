/** JSON text of a document of this shape, as PostgreSQL wrote it; it is sent without being parsed. */
export type Json<Shape> = string & { readonly [shape]?: Shape }
declare const shape: unique symbol

type ColumnTypes = { int: number; bigint: number; text: string; boolean: boolean; json: unknown }
type Columns = Readonly<Record<string, keyof ColumnTypes>>
type KeyOf<Of extends Columns> = { readonly [Name in keyof Of]: ColumnTypes[Of[Name]] }

type Kind = 'lookup' | 'heavy' | 'command' | 'counter'

/**
 * SQL over the relation `keys`: the columns of each key and its number `n`. It selects `n` and `answer`, JSON of this
 * shape.
 */
export type Statement<Of extends Kind, Key, Answer> = {
  readonly kind: Of
  readonly columns: { readonly [Name in keyof Key]: keyof ColumnTypes }
  readonly sql: string
  /** The name of the relation of keys, if it is not `keys`. */
  readonly relation?: string
  readonly [shape]?: (key: Key) => Answer
}
export type Lookup<Key, Answer> = Statement<'lookup' | 'heavy', Key, Answer>
export type Command<Key, Answer> = Statement<'command' | 'counter', Key, Answer>

/** The database of a handler. Both methods reject with `Unavailable` when it is busy or away. */
export type Db = {
  /**
   * The answer of a lookup for a key; undefined without a row, which its type declares:
   * `lookup(...)<Product | undefined>`.
   */
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

const statement =
  <const Of extends Kind>(kind: Of) =>
  <const Names extends Columns>(columns: Names) =>
  <Answer>(sql: TemplateStringsArray, ...fragments: readonly string[]): Statement<Of, KeyOf<Names>, Answer> => ({
    kind,
    columns,
    sql: String.raw(sql, ...fragments).trim(),
  })

/**
 * A read of many keys in one statement. Columns `take` and `skip` are the limit and offset of a key, by which large and
 * deep pages are kept out of the batches of others. Fragments are SQL: constants of the module, never input.
 */
export const lookup = statement('lookup')

/**
 * A lookup that may take long or answer much: each key runs unbatched, in a pool of its own. Without a row, as where an
 * answer would be too large, `Db` rejects with `Unavailable`.
 */
export const heavyLookup = statement('heavy')

/** A write of one key in one statement. A leading `with` is merged with that of `keys`. */
export const command = statement('command')

/** A write of many keys in one statement; a key that is there several times counts each time. */
export const counter = statement('counter')
