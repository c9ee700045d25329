import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { dataFolder } from '../../db/embedded/folder.ts'
import { main } from '../../db/commandLine.ts'
import { readArguments } from './arguments.ts'
import { readCacheUse } from './cache.ts'
import { requireK6 } from './findK6.ts'
import { measure } from './measure.ts'
import { formatFigures } from './summary.ts'
import { openRunning, openTarget } from './target.ts'

await main(async () => {
  const command = readArguments(process.argv.slice(2))
  if (!command) return undefined
  const { name, profile, products, url, seconds, json } = command
  const k6 = await requireK6()
  const loaded = url ? await openRunning(url) : await openTarget(profile.target, products)
  try {
    const reports = join(dataFolder(), 'reports')
    await mkdir(reports, { recursive: true })
    const report = join(reports, `${name}-${new Date().toISOString().replaceAll(':', '').slice(0, 17)}.html`)
    const before = loaded.admin ? await readCacheUse(loaded.admin) : undefined
    console.error(`${name}: ${profile.about}, measured for ${seconds} s.`)
    const { figures, passed, k6Cores } = await measure(k6, loaded, command, report)
    console.log(formatFigures(figures, profile, k6Cores))
    if (loaded.admin && before) {
      const after = await readCacheUse(loaded.admin)
      const hits = (100 * (after.hits - before.hits)) / (after.reads - before.reads)
      console.log(`The cache answered ${hits.toFixed(1)} % of the reads that it may keep.`)
    }
    console.log(`The report is in ${relative('.', report)}`)
    if (json) await writeFile(json, `${JSON.stringify({ profile: name, passed, ...figures }, undefined, 2)}\n`)
    if (!passed) console.error('The run did not pass: an answer was wrong or missing, or too few requests were sent.')
    return passed ? 0 : 1
  } finally {
    await loaded.stop()
  }
})
