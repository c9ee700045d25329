import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:tls'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client } from '../../db/client.ts'
import { fixtureFile, refill } from '../../db/test/database.ts'
import { run } from '../deploy/target.ts'
import { origin } from './balancer.ts'
import { superuserUrl } from './databases.ts'
import { addresses, folder, netnsExec } from './hosts.ts'
import { waitForAnswer } from './nodes.ts'

const domain = 'shop.example'
const programs = `${folder}/stand-ins`

/** Programs in place of Debian's archive, systemd and Let's Encrypt. */
const standIns = {
  'apt-get': 'exit 0',
  systemctl: '[ "$*" = "reload nginx" ] && exec nginx -s reload',
  certbot: `while [ "$1" != --domain ]; do shift; done
live=/etc/letsencrypt/live/$2
mkdir -p "$live"
exec openssl req -x509 -newkey rsa:2048 -noenc -subj "/CN=$2" -keyout "$live/privkey.pem" -out "$live/fullchain.pem"`,
}
const certify = () =>
  run(
    [...netnsExec('balancer'), 'env', `PATH=${programs}:${process.env.PATH}`],
    'ops/aws/host/certify',
    domain,
    'me@shop.example',
  )

type RequestOptions = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string }
const request = (scheme: 'http' | 'https', path: string, { method = 'GET', headers = {}, body }: RequestOptions = {}) =>
  new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }>(
    (resolve, reject) => {
      const send = scheme === 'http' ? httpRequest : httpsRequest
      const options = {
        host: addresses.balancer,
        path,
        method,
        headers: { host: domain, ...headers },
        rejectUnauthorized: false,
        agent: false,
      }
      send(options, (response) => {
        const { statusCode: status = 0, headers } = response
        void text(response).then((body) => resolve({ status, headers, body }), reject)
      })
        .on('error', reject)
        .end(body)
    },
  )
beforeAll(async () => {
  const sql = client(superuserUrl('database'), { max: 1 })
  await refill(sql, fixtureFile)
  await sql.end({ timeout: 5 })
})

const unit = { method: 'POST', body: '{"sku_id":1}' }

test('before certify, no header of a client makes its cookie Secure', async () => {
  const { status, headers } = await request('http', '/cart', { ...unit, headers: { 'x-forwarded-proto': 'https' } })
  expect([status, headers['set-cookie']]).toEqual([201, [expect.stringMatching(/; SameSite=Lax$/)]])
})

describe('after certify', () => {
  beforeAll(async () => {
    await mkdir(programs)
    for (const [name, lines] of Object.entries(standIns))
      await writeFile(`${programs}/${name}`, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
    await certify()
  })
  // The other tests use HTTP.
  afterAll(async () => {
    await cp('ops/nginx/host/public.conf', '/etc/nginx/public.conf')
    await rm('/etc/nginx/redirect.conf')
    await run(netnsExec('balancer'), 'nginx', '-s', 'reload')
    await waitForAnswer(`${origin}/livez`)
  })

  test('the balancer answers by HTTPS', async () => {
    const send = () => Promise.all([request('https', '/livez'), request('http', '/livez')])
    const statuses = () => send().then((responses) => responses.map(({ status }) => status), String)
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([200, 308])
  })

  test.each(['GET', 'POST', 'PUT', 'OPTIONS'])('%s by HTTP redirects to the same address by HTTPS', async (method) => {
    const { status, headers } = await request('http', '/api/reviews?product_id=1&x=%20', {
      method,
      headers: { host: 'other' },
    })
    expect([status, headers.location]).toEqual([308, `https://${domain}/api/reviews?product_id=1&x=%20`])
    expect(headers['access-control-allow-origin']).toBe('*')
  })

  test('the renewal of the certificate is answered by HTTP', async () => {
    expect((await request('http', '/.well-known/acme-challenge/x')).status).not.toBe(308)
  })

  test('the cookie of a cart is Secure, and names the cart', async () => {
    const { status, headers } = await request('https', '/cart', { ...unit, headers: { 'x-forwarded-proto': 'http' } })
    const [cookie = ''] = headers['set-cookie'] ?? []
    expect([status, cookie]).toEqual([201, expect.stringMatching(/^s_id=.*; HttpOnly; SameSite=Lax; Secure$/)])
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    const cart = await request('https', '/cart', { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect(cart.body).toBe('[{"sku_id":1,"count":"1"}]')
  })

  test('a second run changes nothing', async () => {
    await certify()
    await expect.poll(() => request('https', '/livez').then(({ status }) => status, String)).toBe(200)
    expect((await request('http', '/')).status).toBe(308)
  })

  test('a request whose head arrives slowly is closed within 15 s', async () => {
    const socket = connect({ host: addresses.balancer, port: 443, rejectUnauthorized: false })
    const start = performance.now()
    socket.on('error', () => {})
    socket.write('GET /products HTTP/1.1\r\nHost: shop\r\nX: ')
    const sending = setInterval(() => socket.write('x'), 500)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(sending)
    expect(performance.now() - start).toBeLessThan(15_000)
  })
})
