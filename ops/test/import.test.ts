import { mkdir, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { run } from '../deploy/target.ts'
import { ask } from './ask.ts'
import { admin, origin } from './balancer.ts'
import { urlAs } from './databases.ts'
import { folder, prefix } from './hosts.ts'
import { countsOf, expectCountedOnce, failures, press } from './pressure.ts'
import { products, useShop } from './shop.ts'

const shop = useShop()

const files = `${folder}/files`
const ids = Array.from({ length: products }, (_, n) => n + 1)

/** Writes CSV files that give each product and its style another name. */
const writeFiles = async (name: string): Promise<void> => {
  await mkdir(files, { recursive: true })
  const list = ids.map((id) => `${id},"${name} ${id}","s","d","Jackets",${id}`)
  const styles = ids.map((id) => `${id},${id},"${name}",null,${id},1`)
  await writeFile(`${files}/product.csv`, ['id,name,slogan,description,category,default_price', ...list].join('\n'))
  const columns = 'id,productId,name,sale_price,original_price,default_style'
  await writeFile(`${files}/styles.csv`, [columns, ...styles].join('\n'))
}

/** Imports the files as the host of the database does. */
const importFiles = () => {
  const settings = [`DATABASE_URL=${urlAs('import')}`, `ATELIER_DATA=${folder}/import`, `ATELIER_BALANCERS=${admin}`]
  const command = [process.execPath, '--import', 'tsx', 'importer/cli.ts', files]
  return run([...prefix('database'), 'env', 'NODE_ENV=production', ...settings], ...command)
}

/** The sets that the names of one answer are from. */
const setsIn = (text: string): string[] => {
  const names = (JSON.parse(text) as { name: string }[]).map(({ name }) => name.replace(/ \d+$/, ''))
  return [...new Set(names)]
}

test('an import under load fails no request, is seen in whole or not at all, and empties the cache', async () => {
  await writeFiles('Imported')
  const seen = new Set<string>()
  const before = await countsOf(shop.sql)
  const outcomes = await press({ origin, rate: 200, writes: 20 }, async () => {
    const state = { isDone: false }
    const reader = async () => {
      for (let page = 1; !state.isDone; page = (page % 20) + 1) {
        const { status, text } = await ask('GET', `/products?count=100&page=${page}`)
        expect(status).toBe(200)
        seen.add(setsIn(text).join(' and '))
      }
    }
    const reading = reader()
    await sleep(500)
    await importFiles()
    expect(setsIn((await ask('GET', '/products?count=100')).text)).toEqual(['Imported'])
    await sleep(500)
    state.isDone = true
    await reading
  })
  expect([...seen].toSorted()).toEqual(['Imported', 'Product'])
  expect(failures(outcomes)).toEqual({})
  await expectCountedOnce(shop.sql, before, outcomes)
})
