import type { Command, Db } from './database.ts'

/** An `Idempotency-Key`, and the SHA-256 in hex of the operation and the input that it stands for. */
export type IdempotencyKey = { readonly idempotency_key: string; readonly fingerprint: string }

/** A write that repeats the key of one with another operation, input or caller. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused'
}

/**
 * A database whose command runs once for an idempotency key: a later one with the key gives the first answer, and
 * `isReplay` is true from then on. Rejects with `IdempotencyKeyReused` if the key has another fingerprint.
 */
export const withIdempotencyKey = (
  db: Db,
  key: IdempotencyKey,
): { readonly db: Db; readonly isReplay: () => boolean } => {
  let isReplay = false
  return {
    db: {
      ...db,
      run: async (command, row) => {
        const once = idempotent(command)
        const keyed = { ...row, ...key }
        const outcome = await db.run(once, keyed).catch((error: unknown) => {
          // A twin has stored the key since this statement began.
          if (isKeyTaken(error)) return db.run(once, keyed)
          throw error
        })
        if (outcome.is_reused) throw new IdempotencyKeyReused()
        isReplay = outcome.is_replay
        return (outcome.answer ?? undefined) as never
      },
    },
    isReplay: () => isReplay,
  }
}

const isKeyTaken = (error: unknown): boolean =>
  (error as { code?: string }).code === '23505' && String(error).includes('idempotency_keys_pkey')

type Outcome<Answer> = { readonly answer: Answer | null; readonly is_replay: boolean; readonly is_reused: boolean }
type Idempotent<Row, Answer> = Command<Row & IdempotencyKey, Outcome<Answer>>

const cache = new WeakMap<object, unknown>()

const idempotent = <Row, Answer>(command: Command<Row, Answer>): Idempotent<Row, Answer> => {
  const cached = cache.get(command) as Idempotent<Row, Answer> | undefined
  if (cached) return cached
  const statement = buildIdempotent(command)
  cache.set(command, statement)
  return statement
}

/**
 * A command over the `keys` that are not stored, and of equal ones the first. It stores their answers, and deletes up
 * to two keys older than a day for each row.
 */
const buildIdempotent = <Row, Answer>(command: Command<Row, Answer>): Idempotent<Row, Answer> => {
  const { expressions, select } = splitSql(command.sql)
  return {
    ...command,
    columns: { ...command.columns, idempotency_key: 'text', fingerprint: 'text' },
    relation: 'asked',
    sql: `
      with asked_first as (
        select *, min(n) over (partition by idempotency_key) as first from asked
      ), stored_keys as (
        select n, idempotency_keys.fingerprint, idempotency_keys.answer
        from asked join idempotency_keys using (idempotency_key)
      ), keys as (
        select * from asked_first
        where n = first and not exists (select from stored_keys where stored_keys.n = asked_first.n)
      ), ${expressions}, answered as (
        ${select}
      ), store_keys as (
        insert into idempotency_keys (idempotency_key, fingerprint, answer)
        select idempotency_key, fingerprint, answered.answer::json from keys left join answered using (n)
        order by idempotency_key
      ), delete_old_keys as (
        delete from idempotency_keys where idempotency_key in (
          select idempotency_key from idempotency_keys
          where created_at < now() - interval '24 hours'
          order by created_at
          limit (select 2 * count(*) from asked)
          for update skip locked
        )
      ), outcomes as (
        select asked_first.n, keys.fingerprint, answered.answer::json as answer, asked_first.n <> first as is_replay
        from asked_first join keys using (first) left join answered on answered.n = keys.n
        union all
        select n, fingerprint, answer, true from stored_keys
      )
      select n, json_build_object(
        'answer', answer, 'is_replay', is_replay, 'is_reused', outcomes.fingerprint <> asked.fingerprint
      ) as answer
      from outcomes join asked using (n)`.trim(),
  } as Idempotent<Row, Answer>
}

/** Splits SQL at its last `select` that is in no parentheses; before it stand common table expressions. */
const splitSql = (sql: string): { readonly expressions: string; readonly select: string } => {
  let depth = 0
  let start = 0
  for (const { 0: token, index } of sql.matchAll(/'(?:[^']|'')*'|"[^"]*"|--.*|[()]|\bselect\b/gi)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth === 0 && token.toLowerCase() === 'select') start = index
  }
  return { expressions: sql.slice(0, start).replace(/^with\b/i, ''), select: sql.slice(start) }
}
