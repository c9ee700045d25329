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
import { urlOf } from './databases.ts'
import { addresses, folder, prefix } from './hosts.ts'
import { answers } from './nodes.ts'

const domain = 'shop.example'
const programs = `${folder}/stand-ins`

/** What stands in for Debian's archive, systemd and Let's Encrypt. */
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
    [...prefix('balancer'), 'env', `PATH=${programs}:${process.env.PATH}`],
    'ops/aws/host/certify',
    domain,
    'me@shop.example',
  )

type Asked = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string }
const ask = (scheme: 'http' | 'https', path: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
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
  const sql = client(urlOf('database'), { max: 1 })
  await refill(sql, fixtureFile)
  await sql.end({ timeout: 5 })
})

const unit = { method: 'POST', body: '{"sku_id":1}' }

test('before that, no client has its cookie marked for TLS, whatever it says', async () => {
  const { status, headers } = await ask('http', '/cart', { ...unit, headers: { 'x-forwarded-proto': 'https' } })
  expect([status, headers['set-cookie']]).toEqual([201, [expect.stringMatching(/; SameSite=Lax$/)]])
})

describe('after certify', () => {
  beforeAll(async () => {
    await mkdir(programs)
    for (const [name, lines] of Object.entries(standIns))
      await writeFile(`${programs}/${name}`, `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
    await certify()
  })
  // The other tests come by HTTP.
  afterAll(async () => {
    await cp('ops/nginx/host/public.conf', '/etc/nginx/public.conf')
    await rm('/etc/nginx/redirect.conf')
    await run(prefix('balancer'), 'nginx', '-s', 'reload')
    await answers(`${origin}/livez`)
  })

  test('it answers by HTTPS', async () => {
    const asked = () => Promise.all([ask('https', '/livez'), ask('http', '/livez')])
    const statuses = () => asked().then((answers) => answers.map(({ status }) => status), String)
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([200, 308])
  })

  test.each(['GET', 'POST', 'PUT', 'OPTIONS'])('%s by HTTP is led to HTTPS, as it is', async (method) => {
    const { status, headers } = await ask('http', '/api/reviews?product_id=1&x=%20', {
      method,
      headers: { host: 'other' },
    })
    expect([status, headers.location]).toEqual([308, `https://${domain}/api/reviews?product_id=1&x=%20`])
    expect(headers['access-control-allow-origin']).toBe('*')
  })

  test('whoever renews the certificate is answered by HTTP', async () => {
    expect((await ask('http', '/.well-known/acme-challenge/x')).status).not.toBe(308)
  })

  test('the cookie of a cart is for TLS alone, and names it', async () => {
    const { status, headers } = await ask('https', '/cart', { ...unit, headers: { 'x-forwarded-proto': 'http' } })
    const [cookie = ''] = headers['set-cookie'] ?? []
    expect([status, cookie]).toEqual([201, expect.stringMatching(/^s_id=.*; HttpOnly; SameSite=Lax; Secure$/)])
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    const cart = await ask('https', '/cart', { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect(cart.body).toBe('[{"sku_id":1,"count":"1"}]')
  })

  test('once more changes nothing', async () => {
    await certify()
    await expect.poll(() => ask('https', '/livez').then(({ status }) => status, String)).toBe(200)
    expect((await ask('http', '/')).status).toBe(308)
  })

  test('who dribbles the head of a request is let go of within 15 s', async () => {
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
