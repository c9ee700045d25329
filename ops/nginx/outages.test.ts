import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { findNginx } from '../stack/findNginx.ts'
import { describeNginx, useStack } from './test/stack.ts'

const put = { method: 'PUT' }
const reviews = '/reviews?product_id=1'
const times = <Result>(count: number, task: () => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, task))

const useCounted = () => {
  const api = useStack()
  const count = async (): Promise<number> => {
    const [row] = await api.sql<{ helpfulness: number }[]>`select helpfulness from reviews where review_id = 1`
    return row!.helpfulness
  }
  const kill = async (node: number): Promise<void> => {
    const child = api.stack.processes[node]!
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  return { api, count, kill }
}

const vote = (api: ReturnType<typeof useStack>, key: string) =>
  api.request('/reviews/1/helpful', { ...put, headers: { 'Idempotency-Key': key } })

describeNginx('when a node dies', () => {
  const { api, count, kill } = useCounted()

  test('its reads are repeated on another node, and its writes are not', async () => {
    const before = await count()
    await api.request('/products/2')
    expect((await api.request('/products/2')).cache).toBe('HIT')
    // A stopped process accepts requests and does not answer.
    api.stack.processes[0]!.kill('SIGSTOP')
    const reading = times(8, () => api.request('/cart'))
    const writing = times(8, () => api.request('/reviews/1/helpful', put))
    await sleep(1000)
    await kill(0)

    expect((await reading).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    const written = (await writing).filter(({ status }) => status === 204)
    const lost = (await writing).filter(({ status }) => status === 502)
    expect(lost.length).toBeGreaterThan(0)
    expect(lost[0]?.text).toBe('Error: no answer came, the request may have been carried out')
    expect(written.length + lost.length).toBe(8)
    expect(await count()).toBe(before + written.length)
    // The lost writes may have changed anything.
    expect((await api.request('/products/2')).cache).toBe('MISS')
  })

  test('no request fails that was not yet sent to it', async () => {
    const before = await count()
    const statuses = await times(40, async () => (await api.request('/reviews/1/helpful', put)).status)
    expect(new Set(statuses)).toEqual(new Set([204]))
    expect(await count()).toBe(before + 40)
  })
})

describeNginx('when a node dies with writes that have a key', () => {
  const { api, count, kill } = useCounted()

  test('another node carries them out, once each', async () => {
    const before = await count()
    api.stack.processes[0]!.kill('SIGSTOP')
    const keys = Array.from({ length: 8 }, (_, index) => `vote-${index}`)
    const writing = Promise.all(keys.map((key) => vote(api, key)))
    await sleep(1000)
    await kill(0)
    expect(new Set((await writing).map(({ status }) => status))).toEqual(new Set([204]))
    expect(await count()).toBe(before + 8)
  })
})

describeNginx('when a node dies whose writes the database carries out', () => {
  const { api, count, kill } = useCounted()

  test('the other node answers those with a key as done', async () => {
    const before = await count()
    const waits = async (backends: number) => {
      const waiting = () => api.sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      while ((await waiting()).length < backends) await sleep(5)
    }
    // One goes to each node, and waits there for the lock.
    let answers: ReturnType<typeof vote>[] = []
    await api.sql.begin(async (sql) => {
      await sql`select from reviews where review_id = 1 for update`
      answers = ['one', 'other'].map((key) => vote(api, key))
      await waits(2)
      await kill(0)
      await waits(3)
    })
    const answered = await Promise.all(answers)
    expect(answered.map(({ status }) => status)).toEqual([204, 204])
    expect(answered.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(1)
    expect(await count()).toBe(before + 2)
  })
})

describeNginx('when all nodes are dead', () => {
  const { api, kill } = useCounted()

  test('cached responses still come, and everything else is a 503 with Retry-After', async () => {
    const { text } = await api.request(reviews)
    for (const node of api.stack.processes) node.kill('SIGSTOP')
    const lost = api.request('/reviews/1/helpful', put)
    await sleep(1000)
    await Promise.all([kill(0), kill(1)])
    expect((await lost).status).toBe(502)

    const { status, headers } = await api.request('/reviews/1/helpful', put)
    expect([status, headers.get('retry-after')]).toEqual([503, '1'])
    expect(await api.request('/products/2')).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^Error: not avail/),
    })
    expect(await api.request(reviews)).toMatchObject({ status: 200, cache: 'HIT', text })
  })
})

describeNginx('when NGINX itself starts again', () => {
  const { api } = useCounted()

  test('a reload keeps all versions', async () => {
    await api.request(reviews)
    await api.request('/reviews/1/helpful', put)
    api.stack.process.kill('SIGHUP')
    await sleep(1000)
    expect((await api.request(reviews)).text).toContain('"helpfulness":4')
  })

  test('a restart serves nothing that was cached before', async () => {
    await api.request(reviews)
    api.stack.process.kill('SIGQUIT')
    await once(api.stack.process, 'exit')
    await fetch(`${api.stack.nodes[0]}/reviews/1/helpful`, put)
    const { program } = await findNginx()
    const again = spawn(program, ['-p', api.stack.folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'ignore' })
    const answers = () =>
      fetch(api.stack.admin + '/status')
        .then(({ ok }) => ok)
        .catch(() => false)
    await expect.poll(answers, { timeout: 20_000 }).toBe(true)
    expect(await api.request(reviews)).toMatchObject({
      cache: 'MISS',
      text: expect.stringContaining('"helpfulness":5'),
    })
    again.kill('SIGQUIT')
    await once(again, 'exit')
  })
})
