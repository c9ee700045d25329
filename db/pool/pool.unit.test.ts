import postgres from 'postgres'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Unavailable } from '../../handlers/database.ts'
import type { Sql } from '../client.ts'
import { isConnectionError, isTimeout, isUnanswered, withDeadline } from './deadline.ts'
import { createPool, type PoolOptions } from './pool.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const refused = (code: string) => Object.assign(new postgres.PostgresError(code), { code })
const lost = () => Object.assign(new Error('lost'), { code: 'CONNECTION_CLOSED' })
/** The loop comes to its next turn. */
const turn = () => vi.advanceTimersByTimeAsync(0)

const poolOf = (options: Partial<PoolOptions> = {}) => {
  const opened: { readonly sql: Sql; readonly end: ReturnType<typeof vi.fn>; readonly onclose: () => void }[] = []
  const pool = createPool(
    (onclose) => {
      const end = vi.fn(async () => {})
      const sql = { end, number: opened.length } as unknown as Sql
      opened.push({ sql, end, onclose })
      return sql
    },
    { size: 1, queue: 3000, acquireTimeoutMs: 100, queryTimeoutMs: 1000, ...options },
  )
  const order: string[] = []
  /** A task that is under way until it is told to finish or fail. */
  const ask = (name = '', group?: string) => {
    let finish = (_answer: string): void => {}
    let fail = (_error: unknown): void => {}
    let on: Sql | undefined
    const outcome = pool
      .use(
        (sql) => {
          order.push(name)
          on = sql
          return new Promise<string>((resolve, reject) => ([finish, fail] = [resolve, reject]))
        },
        { group },
      )
      .then(
        (answer) => ({ answer }),
        (error: Error) => ({ error }),
      )
    return {
      outcome,
      connection: () => opened.findIndex(({ sql }) => sql === on),
      finish: async () => (finish(`${name} done`), turn()),
      fail: async (error: unknown) => (fail(error), turn()),
    }
  }
  /** Asks for tasks that take no time, and tells in which order they were done. */
  const orderOf = async (...tasks: [name: string, group?: string][]) => {
    const names: string[] = []
    await Promise.all([
      ...tasks.map(([name, group]) => pool.use(async () => void names.push(name), { group })),
      vi.advanceTimersByTimeAsync(50),
    ])
    return names
  }
  return { pool, opened, order, ask, orderOf }
}
const isSettled = async (promise: Promise<unknown>) => {
  await turn()
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => false)])
}
const busy = { error: new Unavailable('The database is busy.') }

test('tasks start in the next turn, in the order that they came in, each on a connection of its own', async () => {
  const { opened, ask, order } = poolOf({ size: 2 })
  expect(opened).toHaveLength(2)
  const tasks = ['a', 'b', 'c', 'd'].map((name) => ask(name))
  expect(order).toEqual([])
  await turn()
  expect(order).toEqual(['a', 'b'])
  expect(tasks.slice(0, 2).map(({ connection }) => connection())).toEqual([0, 1])
  await tasks[1]?.finish()
  expect(order).toEqual(['a', 'b', 'c'])
  expect(tasks[2]?.connection()).toBe(1)
  expect(await tasks[1]?.outcome).toEqual({ answer: 'b done' })
})

test('what comes while a task is under way waits for no turn but that', async () => {
  const { ask, order } = poolOf({ size: 2 })
  const first = ask('first')
  await turn()
  ask('second')
  await turn()
  expect(order).toEqual(['first', 'second'])
  await first.finish()
  ask('third')
  await turn()
  expect(order).toEqual(['first', 'second', 'third'])
})

test('with others behind it, a task starts in the turn in which the connection is free; the last waits for company', async () => {
  const { pool, ask, order } = poolOf()
  let finish = (): void => {}
  void pool.use(() => new Promise<void>((resolve) => (finish = resolve)))
  await turn()
  const second = ask('second')
  ask('third')
  finish()
  for (let n = 0; n < 20; n += 1) await Promise.resolve()
  expect(order).toEqual(['second'])
  await second.finish()
  expect(order).toEqual(['second', 'third'])

  const { pool: other, ask: askOther, order: orderOfOther } = poolOf()
  void other.use(() => new Promise<void>((resolve) => (finish = resolve)))
  await turn()
  askOther('alone')
  finish()
  for (let n = 0; n < 20; n += 1) await Promise.resolve()
  expect(orderOfOther).toEqual([])
  await turn()
  expect(orderOfOther).toEqual(['alone'])
})

test('the group that had its turn the longest ago is next, and a task without one goes before them', async () => {
  const { orderOf } = poolOf()
  expect(await orderOf(['a1', 'a'], ['a2', 'a'], ['a3', 'a'], ['b1', 'b'], ['b2', 'b'], ['c1', 'c'])).toEqual([
    'a1',
    'b1',
    'c1',
    'a2',
    'b2',
    'a3',
  ])
  expect(await orderOf(['x'], ['a1', 'a'], ['y'], ['a2', 'a'], ['z'], ['b1', 'b'])).toEqual([
    'x',
    'y',
    'z',
    'b1',
    'a1',
    'a2',
  ])
})

test('groups start afresh when none waits, and when there were too many to remember', async () => {
  const { orderOf: again } = poolOf()
  await again(['a1', 'a'], ['b1', 'b'])
  expect(await again(['a2', 'a'], ['c1', 'c'])).toEqual(['a2', 'c1'])
  const many = Array.from({ length: 1002 }, (_, n): [string, string] => [`g${n}`, `g${n}`])
  const tooMany = await poolOf().orderOf(...many, ['again', 'g1000'], ['new', 'new'])
  expect(tooMany.slice(-2)).toEqual(['again', 'new'])
  const most = await poolOf().orderOf(...many.slice(0, 1001), ['again', 'g0'], ['new', 'new'])
  expect(most.slice(-2)).toEqual(['new', 'again'])
})

test('refuses at once what finds the queue full', async () => {
  const { ask, order } = poolOf({ queue: 2 })
  const tasks = [ask('a'), ask('b'), ask('c')]
  expect(await tasks[2]?.outcome).toEqual(busy)
  await turn()
  expect(order).toEqual(['a'])
})

test('refuses each task when it has waited its time, and no sooner', async () => {
  const { ask, order } = poolOf()
  const first = ask('first')
  await turn()
  const [second, third] = [ask('second'), ask('third')]
  await vi.advanceTimersByTimeAsync(50)
  const fourth = ask('fourth')
  await vi.advanceTimersByTimeAsync(49)
  expect(await isSettled(second.outcome)).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(await second.outcome).toEqual(busy)
  expect(await third.outcome).toEqual(busy)
  await vi.advanceTimersByTimeAsync(49)
  expect(await isSettled(fourth.outcome)).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(await fourth.outcome).toEqual(busy)
  const fifth = ask('fifth')
  await vi.advanceTimersByTimeAsync(100)
  expect(await fifth.outcome).toEqual(busy)
  await first.finish()
  expect(order).toEqual(['first'])
})

test('sets one timer for a task that waits behind another, and not one after the other', async () => {
  const { ask } = poolOf()
  ask('first')
  await turn()
  ask('second')
  await vi.advanceTimersByTimeAsync(60)
  const third = ask('third')
  const timers = vi.spyOn(globalThis, 'setTimeout')
  await vi.advanceTimersByTimeAsync(90)
  expect(timers).toHaveBeenCalledTimes(1)
  timers.mockRestore()
  await vi.advanceTimersByTimeAsync(10)
  expect(await third.outcome).toEqual(busy)
})

test('gives up a task that misses its deadline, and its connection', async () => {
  const { ask, opened } = poolOf({ queryTimeoutMs: 70, acquireTimeoutMs: 1000 })
  const [first, second] = [ask('first'), ask('second')]
  await vi.advanceTimersByTimeAsync(71)
  const { error } = (await first.outcome) as { error: Error }
  expect(error).toEqual(new Unavailable('The database does not answer.'))
  expect(error.cause).toEqual(new Error('No answer within 70 ms'))
  expect(opened[0]?.end.mock.calls).toEqual([[{ timeout: 0 }]])
  await vi.advanceTimersByTimeAsync(5)
  expect(second.connection()).toBe(1)
})

test('what is wrong with a connection is an outage, and brings a new one; all else is passed on', async () => {
  const { ask, opened } = poolOf()
  const outage = async (error: unknown) => {
    const task = ask()
    await turn()
    await task.fail(error)
    return { ...(await task.outcome), connections: opened.length }
  }
  const [closed, canceled, broken] = [lost(), refused('57014'), refused('22012')]
  expect(await outage(closed)).toEqual({ error: new Unavailable('The database does not answer.'), connections: 2 })
  expect(await outage(canceled)).toMatchObject({ error: { name: 'Unavailable', cause: canceled }, connections: 2 })
  expect(await outage(broken)).toEqual({ error: broken, connections: 2 })
  const last = ask('last')
  await turn()
  await last.finish()
  expect(await last.outcome).toEqual({ answer: 'last done' })
})

test('a client that cannot be ended does not matter', async () => {
  const { ask, opened } = poolOf()
  opened[0]?.end.mockRejectedValue(new Error('ended already'))
  const [first, second] = [ask('first'), ask('second')]
  await turn()
  await first.fail(lost())
  await second.finish()
  expect(await second.outcome).toEqual({ answer: 'second done' })
})

test('a connection that is lost while idle is replaced, and one with a task by that task alone', async () => {
  const { pool, ask, opened } = poolOf()
  opened[0]?.onclose()
  expect(opened).toHaveLength(2)
  const task = ask('task')
  await turn()
  expect(task.connection()).toBe(1)
  opened[1]?.onclose()
  expect(opened).toHaveLength(2)
  await task.finish()
  await pool.end()
  opened[1]?.onclose()
  expect(opened).toHaveLength(2)
})

test('ends when all that was asked is answered, and takes nothing more', async () => {
  const { pool, ask, opened } = poolOf({ size: 2 })
  const tasks = ['a', 'b', 'c'].map((name) => ask(name))
  const ended = pool.end()
  expect(await ask('late').outcome).toEqual(busy)
  for (const task of tasks) {
    expect(await isSettled(ended)).toBe(false)
    await task.finish()
  }
  await ended
  expect(await Promise.all(tasks.map(({ outcome }) => outcome))).toEqual([
    { answer: 'a done' },
    { answer: 'b done' },
    { answer: 'c done' },
  ])
  expect(opened.map(({ end }) => end.mock.calls)).toEqual([[[{ timeout: 1 }]], [[{ timeout: 1 }]]])
  expect(vi.getTimerCount()).toBe(0)
})

test('waits for a task that is under way though none waits, and for none where there is none', async () => {
  const { pool, ask } = poolOf({ size: 2 })
  const task = ask('task')
  await turn()
  const ended = pool.end()
  expect(await isSettled(ended)).toBe(false)
  await task.finish()
  await ended
  await poolOf().pool.end()
})

test('a deadline leaves no timer behind, and lets through what has arrived in the turn in which it passes', async () => {
  expect(await withDeadline(50, Promise.resolve('in time'))).toBe('in time')
  expect(vi.getTimerCount()).toBe(0)
  await expect(withDeadline(50, Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(vi.getTimerCount()).toBe(0)
  let arrive = (_answer: string): void => {}
  const late = withDeadline(50, new Promise((resolve) => (arrive = resolve)))
  vi.advanceTimersByTime(50)
  arrive('just in time')
  expect(await late).toBe('just in time')
})

test('a missed deadline, silence and an outage are told apart', async () => {
  const missed = withDeadline(1, new Promise(() => {})).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(2)
  const kinds = (error: unknown) => [isTimeout(error), isUnanswered(error), isConnectionError(error)]
  expect(kinds(await missed)).toEqual([true, true, true])
  expect(kinds(refused('57014'))).toEqual([true, false, false])
  expect(kinds(lost())).toEqual([false, false, true])
  expect(kinds(Object.assign(new Error('57014'), { code: '57014' }))).toEqual([false, false, true])
  expect(kinds(new Error('anything'))).toEqual([false, false, false])
  for (const code of ['08006', '28P01', '53300', '57P01', '3D000', '55000', '25006'])
    expect(kinds(refused(code)), code).toEqual([false, false, true])
  for (const code of ['22012', '0A000', '42P08', '40001', '55P03', '25P02', '23505'])
    expect(kinds(refused(code)), code).toEqual([false, false, false])
})

test('says how many connections are used, and how many tasks wait and were rejected', async () => {
  const { pool, ask } = poolOf({ queue: 2 })
  expect(pool.load()).toEqual({ size: 1, used: 0, waiting: 0, refused: 0 })
  const first = ask()
  await turn()
  for (let n = 0; n < 3; n += 1) void ask()
  expect(pool.load()).toEqual({ size: 1, used: 1, waiting: 2, refused: 1 })
  await vi.advanceTimersByTimeAsync(100)
  await first.finish()
  expect(pool.load()).toEqual({ size: 1, used: 0, waiting: 0, refused: 3 })
})
