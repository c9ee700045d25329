import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import { main, readCommandLine, UserError } from '../../db/commandLine.ts'
import { fileNames } from './files.ts'
import { generate } from './generate.ts'

const usage = 'npm run generate -- <folder> [options]'

const about = `Writes the 14 CSV files of a data set into the folder, over files of the same names. The same number of products and
seed make the same files, byte for byte.`

const options = {
  products: { default: 1000, max: 100_000_000, about: 'the number of products; 1000011 is full size, about 7 GB' },
  seed: { default: 1, min: 0, max: 4_294_967_295, about: 'selects one of the data sets of that size' },
} as const

const createProgress = (products: number) => {
  if (process.stderr.isTTY) {
    const bar = new SingleBar({ format: '{bar} {percentage}% of {total} products, {eta_formatted} left' })
    bar.start(products, 0)
    return { update: (done: number) => bar.update(done), stop: () => bar.stop() }
  }
  let next = 0.1
  return {
    update: (done: number) => {
      if (done < next * products) return
      console.error(`${done} of ${products} products`)
      next = Math.floor((10 * done) / products + 1) / 10
    },
    stop: () => {},
  }
}

await main(async () => {
  const commandLine = readCommandLine(usage, about, options)
  if (!commandLine) return
  const { products, seed } = commandLine.values
  const [folder, ...others] = commandLine.words
  if (folder === undefined || others.length > 0)
    throw new UserError('Name one folder to write to, for example: npm run generate -- data --products 1000')

  const { update, stop } = createProgress(products)
  const records = await generate(folder, { products, seed, progress: update }).finally(stop)

  const table = new Table({
    head: ['file', 'records', 'MB'],
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const name of fileNames) {
    const { size } = await stat(join(folder, name))
    table.push([name, records[name].toLocaleString('en'), (size / 1e6).toFixed(1)])
  }
  console.log(table.toString())
})
