import postgres from 'postgres'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Db, lookup, Unavailable } from '../../handlers/database.ts'
import { withDeadline } from '../pool/deadline.ts'
import { lastPosition, type WalPosition } from './walPosition.ts'
import { routeReads } from './routeReads.ts'

const echo = lookup({ id: 'int' })<string>`select key, to_json(key) as answer from unnest($keys) as key`
const nothing = '0/0'
const at = (low: number) => `00000000/${String(low).padStart(8, '0')}`

const dbOf = (get: () => Promise<string>) => ({ get: vi.fn(get), run: vi.fn(async () => 'written') })
const replicaOf = (name: string, replayed: WalPosition = lastPosition) => {
  const db = dbOf(async () => name)
  const state = { db, replayed, isHealthy: true, isAnswering: true }
  return {
    state,
    name,
    db: db as unknown as Db,
    replayedPosition: () => (state.isHealthy ? state.replayed : undefined),
    isHealthy: () => state.isHealthy,
    checkHealthy: async () => state.isAnswering,
    hasReplayed: (lsn: WalPosition) => state.replayed >= lsn,
    checkReplayed: vi.fn(async (lsn: WalPosition) => state.replayed >= lsn),
  }
}

/** Replicas in use, of a primary whose log is written up to 5. */
const use = async (
  replicas: ReturnType<typeof replicaOf>[],
  written = vi.fn(async (): Promise<WalPosition | undefined> => at(5)),
) => {
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  const primary = dbOf(async () => 'primary')
  const read = routeReads(replicas, primary as unknown as Db, written, stopping.signal, 20)
  const get = (db: Db) => db.get(echo, { id: 1 }) as Promise<string>
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  await settle()
  return { ...read, written, primary, get, stop: () => stopping.abort(), askPrimary: () => read.currentToken() }
}

test('replicas take turns', async () => {
  const { readAt, db, get } = await use([replicaOf('one'), replicaOf('two'), replicaOf('three')])
  const names = []
  for (let n = 0; n < 4; n += 1) names.push(await get(readAt(nothing)))
  expect(names).toEqual(['two', 'three', 'one', 'two'])
  expect(await get(db)).toBe('three')
})

test('one that lacks what a read needs is passed over, and the primary answers what they all lack', async () => {
  const { readAt, get } = await use([replicaOf('one', at(6)), replicaOf('two', at(9)), replicaOf('three', at(7))])
  const names = []
  for (const low of [5, 7, 8, 8, 9, 10]) names.push(await get(readAt(`0/${low === 10 ? 'A' : low}`)))
  expect(names).toEqual(['two', 'three', 'two', 'two', 'two', 'primary'])
})

test('writes go to the primary', async () => {
  const { db, readAt, primary } = await use([replicaOf('one')])
  expect(await Promise.all([db, readAt(nothing)].map((one) => one.run({} as never, {})))).toEqual([
    'written',
    'written',
  ])
  expect(primary.run).toHaveBeenCalledTimes(2)
})

test('a read that says nothing of what it needs is answered by a replica that has all that is written', async () => {
  const one = replicaOf('one', at(6))
  const { db, readAt, get, written } = await use([one])
  expect(await get(db)).toBe('one')
  written.mockResolvedValue(at(7))
  expect(await get(db)).toBe('primary')
  expect(one.checkReplayed.mock.lastCall).toEqual([at(7)])
  expect(await get(readAt(nothing))).toBe('one')
  expect(await get(readAt('nonsense'))).toBe('primary')
})

test('with no replica that could answer, the primary is not asked how far it is', async () => {
  const { db, get, written, stop } = await use([replicaOf('one', at(1))])
  stop()
  written.mockClear()
  expect(await get(db)).toBe('primary')
  expect(written).not.toHaveBeenCalled()
  const { db: none, get: getNone } = await use([])
  expect(await getNone(none)).toBe('primary')
})

test('as long as the primary does not say how far it is, it answers itself', async () => {
  const one = replicaOf('one', at(6))
  const written = vi.fn(async (): Promise<WalPosition | undefined> => {
    throw new Error('away')
  })
  const { db, readAt, get, askPrimary } = await use([one], written)
  expect(await Promise.all([get(db), get(readAt(nothing)), askPrimary()])).toEqual(['primary', 'primary', undefined])
  written.mockResolvedValue(undefined)
  expect(await Promise.all([get(db), get(readAt(nothing)), askPrimary()])).toEqual(['primary', 'primary', undefined])
  written.mockResolvedValue(at(5))
  await expect.poll(() => get(readAt(nothing))).toBe('one')
  expect(await askPrimary()).toBe(at(5))
  written.mockRejectedValue(new Error('away'))
  expect(await Promise.all([get(db), get(readAt(nothing)), askPrimary()])).toEqual(['primary', 'one', undefined])
})

test('one that lags for longer than a while is left out, and one that lags for less is not', async () => {
  const telling: ((position: WalPosition | undefined) => void)[] = []
  const { readAt, get } = await use(
    [replicaOf('one', at(5))],
    vi.fn(() => new Promise<WalPosition | undefined>((tell) => telling.push(tell))),
  )
  const names: string[] = []
  for (const position of [at(5), undefined, at(9), at(9)]) {
    await vi.waitUntil(() => telling.length > names.length)
    telling[names.length]?.(position)
    await new Promise((resolve) => setImmediate(resolve))
    names.push(await get(readAt(nothing)))
  }
  expect(names).toEqual(['one', 'one', 'one', 'primary'])
})

test('the primary is not asked any more when all has ended', async () => {
  const { written, stop } = await use([replicaOf('one')])
  await vi.waitUntil(() => written.mock.calls.length > 1)
  stop()
  written.mockClear()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(written).not.toHaveBeenCalled()
})

const canceled = Object.assign(new postgres.PostgresError('canceled'), { code: '57014' })
const silence = () => withDeadline(1, new Promise(() => {})).catch((error: unknown) => error)
const late = async () => new Unavailable('late', { cause: await silence() })

test.each([
  ['it is down', async () => new Unavailable('away', { cause: new Error('closed') }), {}, 'primary'],
  ['it cancels the statement for what it replays', async () => new Error('conflict'), {}, 'primary'],
  ['it is busy', async () => new Unavailable('busy'), {}, 'fails'],
  ['it is busy, being down', async () => new Unavailable('busy'), { isHealthy: false }, 'primary'],
  [
    'the statement takes too long',
    async () => new Unavailable('late', { cause: canceled }),
    { isAnswering: false },
    'fails',
  ],
  ['the statement takes too long for who waits', late, {}, 'fails'],
  ['it hangs', late, { isAnswering: false }, 'primary'],
])(
  'what a replica cannot answer is asked of the primary, and what is too much for one is not: %s',
  async (_, fail, state, expected) => {
    const one = replicaOf('one')
    Object.assign(one.state, state)
    const error = await fail()
    one.state.db.get.mockRejectedValue(error)
    const { db, readAt, get } = await use([one])
    for (const from of [db, readAt(nothing)]) {
      const outcome = await get(from).catch((reason: unknown) => (reason === error ? 'fails' : reason))
      expect(outcome).toBe(expected)
    }
  },
)

test('says how many bytes of the log each replica lacks, and of none that is left out', async () => {
  const one = replicaOf('one', '00000000/FFFFFFFE')
  const two = replicaOf('two', '00000001/00000009')
  const three = replicaOf('three')
  three.state.isHealthy = false
  const { lags } = await use(
    [one, two, three],
    vi.fn(async () => '00000001/00000002'),
  )
  expect(lags()).toEqual([
    { replica: 'one', bytes: 4 },
    { replica: 'two', bytes: 0 },
    { replica: 'three', bytes: undefined },
  ])
})
