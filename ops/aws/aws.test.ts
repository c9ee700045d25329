import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const read = (name: string) => readFileSync(`${folder}${name}`, 'utf8')
const template = read('template.yaml')

/** The text of a resource of the template. */
const resource = (name: string): string =>
  new RegExp(String.raw`^ {2}${name}:\n(?:(?: {4}.*)?\n)*`, 'm').exec(template)?.[0] ?? ''

test('only nodes read a parameter, and only their own', () => {
  expect(template).not.toMatch(/policy\/|ssm:GetParameters|ssm:\*|secretsmanager:\*|'\*:\*'/)
  expect(template.match(/ssm:GetParameter/g)).toHaveLength(1)
  expect(resource('NodeRole')).toMatch(
    /ssm:GetParameter\n +Resource: .*:parameter\/\$\{AWS::StackName\}\/database-authority\n/,
  )
  for (const role of ['BalancerRole', 'NodeRole', 'DatabaseRole'])
    expect(resource(role)).toContain('ManagedPolicyArns: [!Ref HostPolicy]')
  expect(resource('BalancerRole')).not.toContain('Policies:\n')
  expect(resource('HostPolicy')).not.toMatch(/ssm:(Get|Put)Parameter|secretsmanager/)
})

test('a build takes one Node, by its version and its sum', () => {
  expect(read('local/build')).toMatch(/^node=\d+\.\d+\.\d+ node_sum=[\w+/]{86}==$/m)
  expect(read('local/build')).toMatch(/npm ci /)
  const { packages } = JSON.parse(readFileSync(`${folder}../../package-lock.json`, 'utf8')) as {
    packages: Record<string, { integrity?: string; link?: boolean }>
  }
  const unchecked = Object.entries(packages).filter(([name, { integrity, link }]) => name && !link && !integrity)
  expect(unchecked.map(([name]) => name)).toEqual([])
})

test('a host checks everything that it installs', () => {
  const scripts = readdirSync(`${folder}host`).filter((name) => name.endsWith('.sh'))
  expect(scripts).toContain('host.sh')
  for (const name of scripts) {
    const fetched = read(`host/${name}`).match(/^.*\b(curl|wget)\b.*$/gm) ?? []
    if (fetched.length > 0) expect(read(`host/${name}`), name).toMatch(/sha256sum --check[^]*dpkg --install/)
    expect(read(`host/${name}`)).not.toMatch(/allow-unauthenticated|trusted=yes|--force-/)
  }
})

const scripts = ['local', 'host']
  .flatMap((place) => readdirSync(folder + place).map((name) => `${place}/${name}`))
  .filter((name) => read(name).startsWith('#!'))
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0
test.skipIf(!hasShellcheck)(`shellcheck finds no fault${hasShellcheck ? '' : ' (apt-get install shellcheck)'}`, () => {
  const files = [...scripts.map((name) => `ops/aws/${name}`), 'ops/nginx/nodes', 'ops/nginx/tls']
  const { status, stdout } = spawnSync('shellcheck', ['--external-sources', ...files], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, ''])
})
