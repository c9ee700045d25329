import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import { main, UserError } from '../../db/commandLine.ts'
import { fileNames } from './files.ts'
import { generate } from './generate.ts'

const help = `Usage: npm run generate -- <folder> [--products 1000] [--seed 1]

Writes the 14 CSV files of a data set into the folder, over files of the same names. The same
number of products and seed make the same files, byte for byte.

  --products <n>  how many products, from 1; 1000011 is full size, about 7 GB (1000)
  --seed <n>      which of the data sets of that size, from 0 to 4294967295 (1)
  --help          this text`

const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new UserError(`--${name} must be a whole number from ${least} to ${most}, and not "${text}".`)
}

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        products: { type: 'string', default: '1000' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message.split('. ')[0]}. See npm run generate -- --help.`)
  }
}

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
  const { values, positionals } = readArguments()
  if (values.help) return console.log(help)
  const [folder, ...rest] = positionals
  if (folder === undefined || rest.length > 0)
    throw new UserError('Name one folder to write to, for example: npm run generate -- data --products 1000')
  const products = wholeNumber('products', values.products, 1, 100_000_000)
  const seed = wholeNumber('seed', values.seed, 0, 4_294_967_295)

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
