import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { findNginx } from '../stack/nginx.ts'
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

describeNginx('when a node dies', () => {
  const { api, count, kill } = useCounted()

  test('what it was reading is read elsewhere, what it was writing is not written again', async () => {
    const before = await count()
    await api.ask('/products/2')
    expect((await api.ask('/products/2')).cache).toBe('HIT')
    // One that hangs takes requests and does nothing about them.
    api.stack.processes[0]!.kill('SIGSTOP')
    const reading = times(8, () => api.ask('/cart'))
    const writing = times(8, () => api.ask('/reviews/1/helpful', put))
    await sleep(1000)
    await kill(0)

    expect((await reading).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    const written = (await writing).filter(({ status }) => status === 204)
    const lost = (await writing).filter(({ status }) => status === 502)
    expect(lost.length).toBeGreaterThan(0)
    expect(lost[0]?.text).toBe('Error: no answer came, the request may have been carried out')
    expect(written.length + lost.length).toBe(8)
    expect(await count()).toBe(before + written.length)
    // Nobody knows yet what the lost ones changed.
    expect((await api.ask('/products/2')).cache).toBe('MISS')
  })

  test('no request fails that was not yet sent to it', async () => {
    const before = await count()
    const statuses = await times(40, async () => (await api.ask('/reviews/1/helpful', put)).status)
    expect(new Set(statuses)).toEqual(new Set([204]))
    expect(await count()).toBe(before + 40)
  })
})

describeNginx('when all nodes are dead', () => {
  const { api, kill } = useCounted()

  test('what is kept still comes, and all else is a 503 that says when to come again', async () => {
    const { text } = await api.ask(reviews)
    for (const node of api.stack.processes) node.kill('SIGSTOP')
    const lost = api.ask('/reviews/1/helpful', put)
    await sleep(1000)
    await Promise.all([kill(0), kill(1)])
    expect((await lost).status).toBe(502)

    const { status, headers } = await api.ask('/reviews/1/helpful', put)
    expect([status, headers.get('retry-after')]).toEqual([503, '1'])
    expect(await api.ask('/products/2')).toMatchObject({
      status: 503,
      text: expect.stringMatching(/^Error: not avail/),
    })
    expect(await api.ask(reviews)).toMatchObject({ status: 200, cache: 'HIT', text })
  })
})

describeNginx('when NGINX itself starts again', () => {
  const { api } = useCounted()

  test('a reload forgets no version', async () => {
    await api.ask(reviews)
    await api.ask('/reviews/1/helpful', put)
    api.stack.process.kill('SIGHUP')
    await sleep(1000)
    expect((await api.ask(reviews)).text).toContain('"helpfulness":4')
  })

  test('a restart serves nothing of what it kept before', async () => {
    await api.ask(reviews)
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
    expect(await api.ask(reviews)).toMatchObject({ cache: 'MISS', text: expect.stringContaining('"helpfulness":5') })
    again.kill('SIGQUIT')
    await once(again, 'exit')
  })
})
