import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { endpoints } from '../../handlers/index.ts'
import { findNginx } from '../stack/findNginx.ts'
import { buildApiModule } from './api.ts'
import { describeNginx } from './test/stack.ts'

describeNginx('the configuration of a host', () => {
  test('is one that NGINX takes, with TLS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'atelierx-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const source = fileURLToPath(new URL('.', import.meta.url))
    for (const from of [source, join(source, 'host')]) await cp(from, folder, { recursive: true })
    for (const path of ['var/log/nginx', 'var/lib/nginx', 'run']) await mkdir(join(folder, path), { recursive: true })
    await writeFile(join(folder, 'api.lua'), buildApiModule(endpoints))
    const { program, modules } = await findNginx()
    const text = await readFile(join(folder, 'nginx.conf'), 'utf8')
    const here = text
      .replace('include /etc/nginx/modules-enabled/*.conf;', modules.map((path) => `load_module ${path};`).join('\n'))
      .replaceAll('/opt/atelierx/ops/nginx', folder)
      .replaceAll(/ \/(var|run)\//g, ` ${folder}/$1/`)
    await writeFile(join(folder, 'nginx.conf'), here)

    const certificate = ['-keyout', 'privkey.pem', '-out', 'fullchain.pem', '-subj', '/CN=shop.example']
    const run = promisify(execFile)
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-noenc', ...certificate], { cwd: folder })
    await run(join(source, 'tls'), [folder, 'shop.example', folder])
    const { stderr } = await run(program, ['-t', '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'error.log'])
    expect(stderr.trim().split('\n')).toHaveLength(2)
  })
})
