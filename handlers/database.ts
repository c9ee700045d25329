/** JSON text as PostgreSQL wrote it, of a document of this shape: it goes to the wire unread. */
export type Json<Shape> = string & { readonly [shape]?: Shape }
declare const shape: unique symbol

type ColumnTypes = { int: number; bigint: number; text: string; boolean: boolean; json: unknown }
type Columns = Readonly<Record<string, keyof ColumnTypes>>
type KeyOf<Of extends Columns> = { readonly [Name in keyof Of]: ColumnTypes[Of[Name]] }

type Kind = 'lookup' | 'heavy' | 'command' | 'counter'

/** SQL over the relation `keys`, with the columns of a key and their number `n`; it selects `n` and `answer`, JSON of this shape. */
export type Statement<Of extends Kind, Key, Answer> = {
  readonly kind: Of
  readonly columns: { readonly [Name in keyof Key]: keyof ColumnTypes }
  readonly sql: string
  readonly [shape]?: (key: Key) => Answer
}
export type Lookup<Key, Answer> = Statement<'lookup' | 'heavy', Key, Answer>
export type Command<Key, Answer> = Statement<'command' | 'counter', Key, Answer>

/** All that a handler may ask of a database. Each rejects with `Unavailable` when it cannot be answered in time. */
export type Db = {
  /** What a lookup answers for a key. One that may have no row for a key, or null, says so: `lookup(...)<Product | undefined>`. */
  get<Key, Answer>(
    lookup: Lookup<Key, Answer>,
    key: NoInfer<Key>,
  ): Promise<Json<Exclude<Answer, undefined>> | Extract<Answer, undefined>>
  /** Runs a command once, all of it or nothing. One that may have no row for a key says so. */
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
 * A question that one statement answers for many keys. Columns `take` and `skip` say how many rows a key stands for, and
 * how many lie before them, so that large and deep pages keep no others waiting. Fragments are SQL: constants of the
 * module, never input.
 */
export const lookup = statement('lookup')

/**
 * A lookup that may take long, or answer much: each key goes out unbatched, in a pool where nothing waits but its like. It
 * has no row for a key whose answer would be too large, and `Db` then rejects with `Unavailable`.
 */
export const heavyLookup = statement('heavy')

/** A write in one statement, for one key. Common table expressions of its own follow `with`, behind which `keys` is put. */
export const command = statement('command')

/** A write for many keys at once, in which the same key may stand several times and counts each time. */
export const counter = statement('counter')
