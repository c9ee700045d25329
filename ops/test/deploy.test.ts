import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { run } from '../deploy/target.ts'
import { origin } from './balancer.ts'
import { urlAs } from './databases.ts'
import { folder, prefix } from './hosts.ts'
import { nodes, onNode, placeOf, replaceCommand } from './nodes.ts'
import { countsOf, expectCountedOnce, failures, press } from './pressure.ts'
import { useShop } from './shop.ts'

const shop = useShop()

const target = {
  balancer: { on: prefix('balancer'), admin: 'http://127.0.0.1:8081' },
  database: { on: [...prefix('database'), 'env', `DATABASE_URL=${urlAs('migrate')}`] },
  nodes: nodes.map((node) => ({ on: onNode(node), address: placeOf(node) })),
  commands: {
    migrate: `cd ${folder}/builds/$1 && node --import tsx db/migrate.cli.ts`,
    current: 'cat "$NODE/build"',
    replace: replaceCommand,
    inform: `cd ${folder}/builds/$1 && node --import tsx ops/nginx/api.cli.ts >/etc/nginx/api.lua`,
  },
}

test('a build is rolled over the nodes under load, and no request of any method fails', async () => {
  await writeFile(`${folder}/target.json`, JSON.stringify(target))
  const before = await countsOf(shop.sql)
  const outcomes = await press({ origin, rate: 300, writes: 20 }, async () => {
    await sleep(500)
    const given = ['ops/deploy/cli.ts', 'second', '--target', `${folder}/target.json`]
    await run([], process.execPath, '--import', 'tsx', ...given)
    await sleep(500)
  })
  for (const { on } of target.nodes) expect(await run(on, 'sh', '-c', target.commands.current)).toBe('second')
  expect(failures(outcomes)).toEqual({})
  await expectCountedOnce(shop.sql, before, outcomes)
})
