import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { run } from '../deploy/target.ts'
import { origin } from './balancer.ts'
import { roleUrl } from './databases.ts'
import { folder, netnsExec } from './hosts.ts'
import { nodes, execOnNode, nodeAddress, replaceCommand } from './nodes.ts'
import { readCounts, expectCountedOnce, countFailures, underLoad } from './underLoad.ts'
import { useShop } from './shop.ts'

const shop = useShop()

const target = {
  balancer: { on: netnsExec('balancer'), admin: 'http://127.0.0.1:8081' },
  database: { on: [...netnsExec('database'), 'env', `DATABASE_URL=${roleUrl('migrate')}`] },
  nodes: nodes.map((node) => ({ on: execOnNode(node), address: nodeAddress(node) })),
  commands: {
    migrate: `cd ${folder}/builds/$1 && node --import tsx db/migrate.cli.ts`,
    current: 'cat "$NODE/build"',
    replace: replaceCommand,
    inform: `cd ${folder}/builds/$1 && node --import tsx ops/nginx/api.cli.ts >/etc/nginx/api.lua`,
  },
}

test('a deploy under load fails no request of any method', async () => {
  await writeFile(`${folder}/target.json`, JSON.stringify(target))
  const before = await readCounts(shop.sql)
  const outcomes = await underLoad({ origin, rate: 300, writes: 20 }, async () => {
    await sleep(500)
    const args = ['ops/deploy/cli.ts', 'second', '--target', `${folder}/target.json`]
    await run([], process.execPath, '--import', 'tsx', ...args)
    await sleep(500)
  })
  for (const { on } of target.nodes) expect(await run(on, 'sh', '-c', target.commands.current)).toBe('second')
  expect(countFailures(outcomes)).toEqual({})
  await expectCountedOnce(shop.sql, before, outcomes)
})
