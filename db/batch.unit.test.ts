import postgres from 'postgres'
import { expect, test } from 'vitest'
import { command, counter, heavyLookup, lookup, Unavailable } from '../handlers/database.ts'
import { batch } from './batch.ts'
import type { Sql } from './client.ts'
import type { Pool } from './pool/pool.ts'

const echo = lookup({ value: 'int' })<number>`echo $keys`
const pages = lookup({ id: 'int' }, { take: 'int' })<number>`pages $keys $take`
const heavy = heavyLookup({ product_id: 'int' }, { page: 'int' })<number>`heavy $keys $page`
const add = counter({ value: 'int' })<number | undefined>`add`
const insert = command({ value: 'int' })<number | undefined>`insert`

type Row = { key?: number; n?: string; answer: string | null } | undefined
type Statement = { readonly pool: string; readonly group: string | undefined; readonly keys: string[] }
/** Rows for the keys of a statement, or what it fails with. */
type Reply = (keys: string[], statement: string) => Row[]

const answerAll: Reply = (keys) => keys.map((answer, index) => ({ key: Number(answer), n: String(index + 1), answer }))

/** A database whose pools hold all statements back until they are let go, and answer them then. */
const held = (reply: Reply = answerAll) => {
  const sent: Statement[] = []
  const holding: (() => void)[] = []
  const options: unknown[] = []
  const poolOf = (pool: string): Pool => ({
    use: (task, { group } = {}) =>
      new Promise((resolve, reject) =>
        holding.push(() => {
          const unsafe = async (text: string, parameters: string[], option: unknown) => {
            const keys = (parameters[0] as string).slice(1, -1).split(',')
            sent.push({ pool, group, keys })
            options.push(option)
            return reply(keys, text)
          }
          task({ unsafe } as unknown as Sql).then(resolve, reject)
        }),
      ),
    end: async () => {},
  })
  const statements: [pool: string, keys: number][] = []
  const db = batch(
    { reads: poolOf('reads'), heavy: poolOf('heavy'), writes: poolOf('writes'), counts: poolOf('counts') },
    (pool, keys) => void statements.push([pool, keys]),
  )
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  /** Lets statements go until there is none. */
  const release = async (most = Infinity) => {
    await settle()
    for (let n = 0; n < most && holding.length > 0; n += 1) {
      holding.shift()?.()
      await settle()
    }
  }
  const sizes = () => sent.map(({ keys }) => keys.length)
  return { db, sent, options, release, sizes, holding, statements }
}
const numbers = (length: number, from = 0) => Array.from({ length }, (_, index) => from + index)
const outcomes = async (asked: Promise<unknown>[], release: () => Promise<void>) => {
  const settled = Promise.allSettled(asked)
  await release()
  return (await settled).map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))
}

test('a batch takes 48 keys, and 192 while more than four batches wait', async () => {
  const few = held()
  const asked = numbers(100).map((value) => few.db.get(echo, { value }))
  expect(await outcomes(asked, few.release)).toEqual(numbers(100).map(String))
  expect(few.sizes()).toEqual([48, 48, 4])

  for (const [others, sizes] of [
    [4, [1, 1, 1, 1, 192, 8]],
    [3, [1, 1, 1, 48, 152]],
    [2, [1, 1, 48, 48, 104]],
  ] as const) {
    const many = held()
    const waiting = numbers(others).map((n) =>
      many.db.get(lookup({ value: 'int' })<number>`other ${String(n)} $keys`, { value: 1 }),
    )
    await outcomes([...waiting, ...numbers(200).map((value) => many.db.get(echo, { value }))], many.release)
    expect(many.sizes()).toEqual(sizes)
  }
})

test('batches that were sent no longer wait', async () => {
  const { db, release, sizes } = held()
  for (const _ of numbers(10)) await outcomes([db.get(echo, { value: 1 })], release)
  await outcomes(
    numbers(60).map((value) => db.get(echo, { value })),
    release,
  )
  expect(sizes().slice(10)).toEqual([48, 12])
})

test('batches that were sent count once, so that those behind them grow when many wait', async () => {
  const { db, release, sizes } = held()
  for (const _ of numbers(10)) await outcomes([db.get(echo, { value: 1 })], release)
  const others = numbers(5).map((n) => db.get(lookup({ value: 'int' })<number>`other ${String(n)} $keys`, { value: 1 }))
  await outcomes([...others, ...numbers(60).map((value) => db.get(echo, { value }))], release)
  expect(sizes().slice(10)).toEqual([1, 1, 1, 1, 1, 60])
})

test('nothing joins a batch that has been sent', async () => {
  const { db, release, sizes, holding } = held()
  const first = db.get(echo, { value: 1 })
  expect(holding).toHaveLength(1)
  await release()
  const second = db.get(echo, { value: 2 })
  expect(await outcomes([first, second], release)).toEqual(['1', '2'])
  expect(sizes()).toEqual([1, 1])
})

test('a full batch that is sent does not close the one behind it', async () => {
  const { db, release, sizes } = held()
  const asked = numbers(49).map((value) => db.get(echo, { value }))
  await release(1)
  asked.push(db.get(echo, { value: 49 }))
  await outcomes(asked, release)
  expect(sizes()).toEqual([48, 2])
})

test('the keys of a batch stand for a thousand rows at most', async () => {
  const { db, release, sizes } = held()
  await outcomes(
    numbers(25).map((id) => db.get(pages, { id, take: 100 })),
    release,
  )
  expect(sizes()).toEqual([10, 10, 5])
})

test('a key that is asked twice is answered once, and one that counts is counted twice', async () => {
  const { db, release, sent } = held()
  const values = [1, 1, 2, 1]
  expect(
    await outcomes(
      values.map((value) => db.get(echo, { value })),
      release,
    ),
  ).toEqual(['1', '1', '2', '1'])
  expect(
    await outcomes(
      values.map((value) => db.run(add, { value })),
      release,
    ),
  ).toEqual([1, 1, 2, 1])
  expect(sent).toEqual([
    { pool: 'reads', group: undefined, keys: ['1', '2'] },
    { pool: 'counts', group: undefined, keys: ['1', '1', '2', '1'] },
  ])
})

test('commands go out each alone, and large and heavy reads too, grouped by what they ask for', async () => {
  const { db, release, sent, options } = held()
  const asked = [
    db.run(insert, { value: 1 }),
    db.run(insert, { value: 1 }),
    db.get(pages, { id: 3, take: 101 }),
    db.get(pages, { id: 3, take: 101 }),
    db.get(heavy, { product_id: 7, page: 3 }),
    db.get(pages, { id: 4, take: 100 }),
  ]
  expect(await outcomes(asked, release)).toEqual([1, 1, '3', '3', '7', '4'])
  expect(sent).toEqual([
    { pool: 'writes', group: undefined, keys: ['1'] },
    { pool: 'writes', group: undefined, keys: ['1'] },
    { pool: 'heavy', group: 'id,3', keys: ['3'] },
    { pool: 'heavy', group: 'id,3', keys: ['3'] },
    { pool: 'heavy', group: 'product_id,7', keys: ['7'] },
    { pool: 'reads', group: undefined, keys: ['4'] },
  ])
  expect(options).toEqual(asked.map(() => ({ prepare: true })))
})

test('no row and null are no answer, which is too large an answer where a lookup is heavy', async () => {
  const { db, release } = held((keys) => (keys.includes('1') ? [{ key: 1, n: '1', answer: null }] : []))
  const keys = [{ value: 1 }, { value: 2 }]
  expect(
    await outcomes([...keys.map((key) => db.get(echo, key)), db.get(pages, { id: 2, take: 200 })], release),
  ).toEqual([undefined, undefined, undefined])
  expect(await outcomes([...keys.map((key) => db.run(add, key)), db.run(insert, { value: 2 })], release)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  const large = db.get(heavy, { product_id: 2, page: 1 }).catch((error: unknown) => error)
  await release()
  expect(await large).toEqual(new Unavailable('The answer would be too large.'))
})

test('rows may come in any order, with holes where a statement failed before', async () => {
  const { db, release } = held(() => [undefined, { key: 2, answer: 'second' }, { key: 1, answer: 'first' }])
  const asked = [1, 2].map((value) => db.get(echo, { value }))
  expect(await outcomes(asked, release)).toEqual(['first', 'second'])
})

test('the rows of a statement are let go', async () => {
  const rows = answerAll(['1'], '')
  const { db, release } = held(() => rows)
  expect(await outcomes([db.get(echo, { value: 1 })], release)).toEqual(['1'])
  expect(rows).toEqual([])
})

test('one bad key fails alone, and each is asked once more', async () => {
  const { db, release, sizes } = held((keys, text) => {
    if (keys.includes('0')) throw new Error('division by zero')
    return answerAll(keys, text)
  })
  const asked = [1, 0, 2].map((value) => db.get(echo, { value }))
  expect(await outcomes(asked, release)).toEqual(['1', 'division by zero', '2'])
  expect(sizes()).toEqual([3, 1, 1, 1])
})

const refused = (code: string) => Object.assign(new postgres.PostgresError(code), { code })

test('what ends a connection, or misses its deadline, fails the statement and not its keys', async () => {
  for (const error of [refused('57P01'), refused('57014')]) {
    const { db, release, sizes } = held(() => {
      throw error
    })
    const asked = [1, 2].map((value) => db.get(echo, { value }))
    expect(await outcomes(asked, release)).toEqual([error.message, error.message])
    expect(sizes()).toEqual([2])
  }
})

/** The number of times that a statement is sent whose first attempt fails with an error. */
const timesSent = async (thrown: unknown) => {
  const failing = () => {
    let times = 0
    const use: Pool['use'] = async (task) => {
      times += 1
      if (times === 1) throw thrown
      return task({ unsafe: async () => [{ key: 1, n: '1', answer: '5' }] } as unknown as Sql)
    }
    const pool = { use, end: async () => {} }
    const db = batch({ reads: pool, heavy: pool, writes: pool, counts: pool })
    return { db, times: () => times }
  }
  const sent: number[] = []
  for (const ask of [
    ({ db }: ReturnType<typeof failing>) => db.get(echo, { value: 1 }),
    ({ db }: ReturnType<typeof failing>) => db.get(heavy, { product_id: 1, page: 1 }),
    ({ db }: ReturnType<typeof failing>) => db.run(add, { value: 1 }),
    ({ db }: ReturnType<typeof failing>) => db.run(insert, { value: 1 }),
  ]) {
    const one = failing()
    const failure = await ask(one).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(failure).toBe(one.times() === 1 ? thrown : undefined)
    sent.push(one.times())
  }
  return sent
}

test('a read is sent again when its connection fails, a write when it was not carried out, and none that was late', async () => {
  const unavailable = (cause: unknown) => new Unavailable('The database does not answer.', { cause })
  const closed = Object.assign(new Error('closed'), { code: 'CONNECTION_CLOSED' })
  expect(await timesSent(unavailable(closed))).toEqual([2, 2, 1, 1])
  expect(await timesSent(unavailable(refused('57P01')))).toEqual([2, 2, 2, 2])
  expect(await timesSent(unavailable(refused('57014')))).toEqual([1, 1, 1, 1])
  expect(await timesSent(new Unavailable('The database is busy.'))).toEqual([1, 1, 1, 1])
  expect(await timesSent(Object.assign(new Error('a bug'), { cause: closed }))).toEqual([1, 1, 1, 1])
})

test('a write whose batch was refused is not sent again when the connection fails at one of its keys', async () => {
  const sent: string[] = []
  const use: Pool['use'] = async (task) => {
    const unsafe = async (_text: string, [keys = '']: string[]) => {
      sent.push(keys)
      if (keys === '{2}') throw refused('57P01')
      if (keys.includes(',')) throw new Error('division by zero')
      return [{ n: '1', answer: keys }]
    }
    // After all keys have joined the batch.
    await new Promise((resolve) => setImmediate(resolve))
    return task({ unsafe } as unknown as Sql).catch((cause: unknown) => {
      throw new Unavailable('The database does not answer.', { cause })
    })
  }
  const pool = { use, end: async () => {} } as unknown as Pool
  const db = batch({ reads: pool, heavy: pool, writes: pool, counts: pool })
  const settled = await Promise.allSettled([1, 2, 3].map((value) => db.run(add, { value })))
  expect(sent).toEqual(['{1,2,3}', '{1}', '{2}'])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})

test('tells of each statement its pool and how many keys it has', async () => {
  const { db, release, statements } = held()
  const write = command({ value: 'int' })<number>`select n, value as answer from keys`
  const count = counter({ value: 'int' })<number>`select n, value as answer from keys`
  await outcomes(
    [1, 2, 3].flatMap((value) => [db.get(echo, { value }), db.run(write, { value }), db.run(count, { value })]),
    release,
  )
  expect(statements.toSorted(([one], [other]) => one.localeCompare(other))).toEqual([
    ['counts', 3],
    ['reads', 3],
    ['writes', 1],
    ['writes', 1],
    ['writes', 1],
  ])
})
