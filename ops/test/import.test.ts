import { mkdir, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { run } from '../deploy/target.ts'
import { request } from './request.ts'
import { admin, origin } from './balancer.ts'
import { roleUrl } from './databases.ts'
import { folder, netnsExec } from './hosts.ts'
import { readCounts, expectCountedOnce, countFailures, underLoad } from './underLoad.ts'
import { products, useShop } from './shop.ts'

const shop = useShop()

const files = `${folder}/files`
const ids = Array.from({ length: products }, (_, n) => n + 1)

/** Writes CSV files with a new name for each product and style. */
const writeFiles = async (name: string): Promise<void> => {
  await mkdir(files, { recursive: true })
  const list = ids.map((id) => `${id},"${name} ${id}","s","d","Jackets",${id}`)
  const styles = ids.map((id) => `${id},${id},"${name}",null,${id},1`)
  await writeFile(`${files}/product.csv`, ['id,name,slogan,description,category,default_price', ...list].join('\n'))
  const columns = 'id,productId,name,sale_price,original_price,default_style'
  await writeFile(`${files}/styles.csv`, [columns, ...styles].join('\n'))
}

/** Imports the files on the database host. */
const importFiles = () => {
  const settings = [`DATABASE_URL=${roleUrl('import')}`, `ATELIER_DATA=${folder}/import`, `ATELIER_BALANCERS=${admin}`]
  const command = [process.execPath, '--import', 'tsx', 'importer/cli.ts', files]
  return run([...netnsExec('database'), 'env', 'NODE_ENV=production', ...settings], ...command)
}

/** The sets of CSV files that the names in a response come from. */
const readSets = (text: string): string[] => {
  const names = (JSON.parse(text) as { name: string }[]).map(({ name }) => name.replace(/ \d+$/, ''))
  return [...new Set(names)]
}

test('an import under load fails no request, shows all rows at once, and invalidates the cache', async () => {
  await writeFiles('Imported')
  const sets = new Set<string>()
  const before = await readCounts(shop.sql)
  const outcomes = await underLoad({ origin, rate: 200, writes: 20 }, async () => {
    const state = { isDone: false }
    const reader = async () => {
      for (let page = 1; !state.isDone; page = (page % 20) + 1) {
        const { status, text } = await request('GET', `/products?count=100&page=${page}`)
        expect(status).toBe(200)
        sets.add(readSets(text).join(' and '))
      }
    }
    const reading = reader()
    await sleep(500)
    await importFiles()
    expect(readSets((await request('GET', '/products?count=100')).text)).toEqual(['Imported'])
    await sleep(500)
    state.isDone = true
    await reading
  })
  expect([...sets].toSorted()).toEqual(['Imported', 'Product'])
  expect(countFailures(outcomes)).toEqual({})
  await expectCountedOnce(shop.sql, before, outcomes)
})
