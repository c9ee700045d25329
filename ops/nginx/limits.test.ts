import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { describeNginx, useStack } from './test/stack.ts'

const post = (body: string) => ({ method: 'POST', body })

describeNginx('one client', () => {
  const api = useStack({ limits: 'on' })

  test('may send a body of 64 KiB, and gets the error of the API for a larger one', async () => {
    expect((await api.request('/reviews', post(' '.repeat(65_536)))).status).toBe(422)
    const { status, text, headers } = await api.request('/reviews', post(' '.repeat(65_537)))
    expect([status, text]).toEqual([413, 'Error: the body is larger than 64 KiB'])
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })

  test('that sends too many requests gets 429 with Retry-After', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => api.request('/livez')))
    const refused = answers.find(({ status }) => status === 429)
    expect(refused).toMatchObject({ text: 'Error: too many requests, try again in a moment' })
    expect(refused?.headers.get('retry-after')).toBe('1')
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
  })

  test('that exceeds both limits at once gets the error of the API, too', async () => {
    const send = (request: string) => {
      // An address that no other test uses: the limits are for each.
      const options = { port: Number(new URL(api.stack.url).port), host: '127.0.0.1', localAddress: '127.0.0.3' }
      const socket = connect(options)
      socket.on('error', () => {}).write(request)
      return socket
    }
    const head = 'HTTP/1.1\r\nHost: shop\r\nConnection: close'
    const held = Array.from({ length: 100 }, () => send(`POST /reviews ${head}\r\nContent-Length: 100\r\n\r\n{`))
    const requests = Array.from({ length: 400 }, () => textOf(send(`GET /livez ${head}\r\n\r\n`)))
    const refused = (await Promise.all(requests)).filter((answer) => answer.startsWith('HTTP/1.1 429'))
    for (const socket of held) socket.destroy()
    expect(refused.length).toBeGreaterThan(100)
    for (const answer of refused) {
      expect(answer).toMatch(/\r\nRetry-After: 1\r\n[^]*\r\n\r\nError: too many requests, try again in a moment$/)
    }
  })

  test('that stops within its request gets 408, and is disconnected', async () => {
    const socket = connect(Number(new URL(api.stack.url).port), '127.0.0.1')
    socket.write('POST /reviews HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n{')
    const answer = await textOf(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*\r\n\r\nError: the request took too long to arrive$/)
  })

  test('may not send more than 64 KiB without saying how much it is', async () => {
    const socket = connect(Number(new URL(api.stack.url).port), '127.0.0.1')
    socket.write('POST /reviews HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n')
    for (let at = 0; at < 9; at += 1) socket.write(`2000\r\n${' '.repeat(0x2000)}\r\n`)
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 413 [^]*\r\n\r\nError: the body is larger than 64 KiB$/)
  })

  test('leaves a line in the log, as JSON', async () => {
    const { headers } = await api.request('/products/1?quote="')
    const log = async () => (await readFile(join(api.stack.folder, 'access.log'), 'utf8')).trim().split('\n')
    await expect.poll(async () => (await log()).at(-1), { timeout: 5000 }).toContain(headers.get('x-request-id'))
    expect(JSON.parse((await log()).at(-1)!)).toMatchObject({ status: 200, address: '127.0.0.1', node_status: '200' })
  })
})
