import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { dataFolder } from '../../db/embedded/folder.ts'
import { main } from '../../db/commandLine.ts'
import { openShop } from '../bench/shop.ts'
import { readArguments } from './arguments.ts'
import { requireK6 } from './findK6.ts'
import { measure } from './measure.ts'
import { formatSummary } from './summary.ts'
import { openRunning, readCacheUse, startTopology } from './target.ts'

await main(async () => {
  const command = readArguments(process.argv.slice(2))
  if (!command) return undefined
  const { name, profile, products, url, seconds, json } = command
  const k6 = await requireK6()
  await using shop = url ? undefined : await openShop(products)
  await using target = shop ? await startTopology(profile.topology, shop) : await openRunning(url)
  const reports = join(dataFolder(), 'reports')
  await mkdir(reports, { recursive: true })
  const report = join(reports, `${name}-${new Date().toISOString().replaceAll(':', '').slice(0, 17)}.html`)
  const before = target.admin ? await readCacheUse(target.admin) : undefined
  console.error(`${name}: ${profile.about}, measured for ${seconds} s.`)
  const { summary, passed, k6Cores } = await measure(k6, target, command, report)
  console.log(formatSummary(summary, profile, k6Cores))
  if (target.admin && before) {
    const after = await readCacheUse(target.admin)
    const hits = (100 * (after.hits - before.hits)) / (after.reads - before.reads)
    console.log(`The cache answered ${hits.toFixed(1)} % of the reads that it may keep.`)
  }
  console.log(`The report is in ${relative('.', report)}`)
  if (json) await writeFile(json, `${JSON.stringify({ profile: name, passed, ...summary }, undefined, 2)}\n`)
  if (!passed) console.error('The run did not pass: an answer was wrong or missing, or too few requests were sent.')
  return passed ? 0 : 1
})
