import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { findNginx, startNginx } from '../nginx.ts'
import { describeNginx, useStack } from './test.ts'

const post = (body: string) => ({ method: 'POST', body })

describeNginx('one client', () => {
  const api = useStack({ limits: 'on' })

  test('may send a body of 64 KiB, and hears of a larger one what the API says', async () => {
    expect((await api.ask('/reviews', post(' '.repeat(65_536)))).status).toBe(422)
    const { status, text, headers } = await api.ask('/reviews', post(' '.repeat(65_537)))
    expect([status, text]).toEqual([413, 'Error: the body is larger than 64 KiB'])
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })

  test('that asks too much hears 429, and when to ask again', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => api.ask('/livez')))
    const refused = answers.find(({ status }) => status === 429)
    expect(refused).toMatchObject({ text: 'Error: too many requests, try again in a moment' })
    expect(refused?.headers.get('retry-after')).toBe('1')
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
  })

  test('that dribbles its request is let go of', async () => {
    const socket = connect(Number(new URL(api.stack.url).port), '127.0.0.1')
    socket.write('POST /reviews HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n{')
    // NGINX ends it with a reset.
    socket.on('error', () => {})
    await new Promise((resolve) => socket.once('close', resolve))
  })

  test('leaves a line in the log, as JSON', async () => {
    const { headers } = await api.ask('/products/1?quote="')
    const log = async () => (await readFile(join(api.stack.folder, 'access.log'), 'utf8')).trim().split('\n')
    await expect.poll(async () => (await log()).at(-1), { timeout: 5000 }).toContain(headers.get('x-request-id'))
    expect(JSON.parse((await log()).at(-1)!)).toMatchObject({ status: 200, address: '127.0.0.1', node_status: '200' })
  })
})

describeNginx('a node', () => {
  const before = async (listener: RequestListener): Promise<string> => {
    const node = createServer(listener).listen(0, '127.0.0.1')
    await once(node, 'listening')
    onTestFinished(() => void node.close())
    const { url, stop } = await startNginx(await findNginx(), { ports: [(node.address() as AddressInfo).port] })
    onTestFinished(stop)
    return url
  }

  test('hears who asks, and under which id, and not what a client claims', async () => {
    const heard: IncomingMessage['headers'][] = []
    const url = await before(({ headers }, response) => {
      heard.push(headers)
      response.setHeader('X-Request-Id', 'of the node').end('[]')
    })
    const claims = { 'X-Request-Id': 'mine', 'X-Forwarded-For': '10.0.0.1', 'X-Read-After': '0/1' }
    const { headers } = await fetch(`${url}/products/1`, { headers: claims })
    const id = headers.get('x-request-id')
    expect(id).toMatch(/^[\da-f]{32}$/)
    expect(heard[0]).toMatchObject({ 'x-request-id': id, 'x-forwarded-for': '127.0.0.1' })
    expect(heard[0]).not.toHaveProperty('x-read-after')
  })

  test.each([
    ['', 'HIT'],
    [undefined, 'MISS'],
  ])('that fails to write and says it changed %j leaves a kept answer a %s', async (changed, cache) => {
    const url = await before(({ method }, response) => {
      if (changed !== undefined && method === 'PUT') response.setHeader('X-Changed', changed)
      response.writeHead(method === 'PUT' ? 503 : 200).end('[]')
    })
    await fetch(`${url}/products/1`)
    expect((await fetch(`${url}/reviews/1/helpful`, { method: 'PUT' })).status).toBe(503)
    // Another answer of a node: it is there again.
    await fetch(`${url}/products/2`)
    expect((await fetch(`${url}/products/1`)).headers.get('x-cache')).toBe(cache)
  })
})

describeNginx('the configuration of a host', () => {
  test('is one that NGINX takes, with TLS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const source = fileURLToPath(new URL('.', import.meta.url))
    for (const from of [source, join(source, 'host')]) await cp(from, folder, { recursive: true })
    for (const path of ['var/log/nginx', 'var/lib/nginx', 'run']) await mkdir(join(folder, path), { recursive: true })
    const { program, modules } = await findNginx()
    const text = await readFile(join(folder, 'nginx.conf'), 'utf8')
    const here = text
      .replace('include /etc/nginx/modules-enabled/*.conf;', modules.map((path) => `load_module ${path};`).join('\n'))
      .replaceAll('/opt/atelierx/ops/nginx', folder)
      .replaceAll(/ \/(var|run)\//g, ` ${folder}/$1/`)
    await writeFile(join(folder, 'nginx.conf'), here)

    const certificate = ['-keyout', 'key.pem', '-out', 'fullchain.pem', '-subj', '/CN=shop.example']
    const run = promisify(execFile)
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-noenc', ...certificate], { cwd: folder })
    const tls = `listen 443 ssl http2;
      ssl_certificate ${folder}/fullchain.pem;
      ssl_certificate_key ${folder}/key.pem;
      include tls.conf;`
    await writeFile(join(folder, 'public.conf'), tls, { flag: 'a' })
    const { stderr } = await run(program, ['-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'error.log'])
    expect(stderr.trim().split('\n')).toHaveLength(2)
  })
})
