import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limitConcurrency } from './admission.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Two requests may be under way, and each stays so until it is let go. */
const start = () => {
  const underWay: { url: string; end: (response: Response) => void; fail: (error: Error) => void }[] = []
  const admit = limitConcurrency(
    ({ url }) => new Promise<Response>((end, fail) => void underWay.push({ url: new URL(url).pathname, end, fail })),
    2,
  )
  return {
    underWay,
    load: admit.load,
    ask: (path: string) => admit(new Request(`http://shop.example${path}`), undefined),
  }
}

test('as many requests as may be under way are, and those after them are refused', async () => {
  const { underWay, ask } = start()
  const first = ask('/1')
  void ask('/2')
  const refused = ask('/3')
  await vi.runAllTimersAsync()
  expect(underWay.map(({ url }) => url)).toEqual(['/1', '/2'])
  const { status, headers } = await refused
  expect([status, headers.get('retry-after'), headers.get('cache-control')]).toEqual([503, '1', 'no-store'])

  underWay[0]!.end(new Response('first'))
  expect(await (await first).text()).toBe('first')
  void ask('/4')
  expect(underWay.map(({ url }) => url)).toEqual(['/1', '/2', '/4'])
})

test('tells how many requests are under way, and how many were refused so far', async () => {
  const { underWay, load, ask } = start()
  expect(load()).toEqual({ underWay: 0, refused: 0 })
  for (const each of ['/1', '/2', '/3', '/4']) void ask(each)
  underWay[0]!.end(new Response('first'))
  await vi.runAllTimersAsync()
  expect(load()).toEqual({ underWay: 1, refused: 2 })
})

test('a request that fails is not under way any more', async () => {
  const { underWay, ask } = start()
  const failed = ask('/1')
  void ask('/2')
  underWay[0]!.fail(new Error('broken'))
  await expect(failed).rejects.toThrow('broken')
  void ask('/3')
  expect(underWay).toHaveLength(3)
})

test.each(['/livez', '/livez/', '/livez?x=1'])('the probe %s is let through', async (path) => {
  const { underWay, ask } = start()
  for (const each of ['/1', '/2', path]) void ask(each)
  expect(underWay).toHaveLength(3)
})

test.each(['/cart?x=/livez', '/cart/livez', '/api/livez', '/livez/x', '/x#/livez', '/LIVEZ', '/readyz', '/livez//'])(
  '%s is refused like any other',
  async (path) => {
    const { underWay, ask } = start()
    for (const each of ['/1', '/2', path]) void ask(each)
    await vi.runAllTimersAsync()
    expect(underWay).toHaveLength(2)
  },
)

test('a refusal comes a millisecond later for each that waits, and half a second later at the most', async () => {
  const { ask } = start()
  for (const path of ['/1', '/2']) void ask(path)
  let answered = 0
  const refused = Array.from({ length: 700 }, async () => {
    await ask('/3')
    answered += 1
  })
  for (const [ms, most] of [
    [0, 0],
    [1, 1],
    [1, 2],
    [98, 100],
    [399, 499],
    [1, 700],
  ] as const) {
    await vi.advanceTimersByTimeAsync(ms)
    expect(answered).toBe(most)
  }
  await Promise.all(refused)

  let isAnswered = false
  void ask('/3').then(() => (isAnswered = true))
  await vi.advanceTimersByTimeAsync(1)
  expect(isAnswered).toBe(true)
})
