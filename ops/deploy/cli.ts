import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { main, Problem } from '../../db/problem.ts'
import { roll } from './roll.ts'
import { readTarget } from './target.ts'

const help = `npm run deploy -- <build> --target FILE [--dry-run]

Rolls a build over the nodes, one by one: out of the balancer, replaced, ready, tried, and back in. Migrations
go first. It stops at the first failure, and gives that node its old build back.

  --target FILE    the hosts, and how to run a command on each: ops/README.md shows one
  --dry-run        says what would be done
  --help           shows this

To roll back, deploy the build before.`

const readArguments = () => {
  try {
    const options = { target: { type: 'string' }, 'dry-run': { type: 'boolean' }, help: { type: 'boolean' } } as const
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    throw new Problem(`${(error as Error).message.split('. ')[0]}: npm run deploy -- --help shows what there is.`)
  }
}

await main(async () => {
  const { values, positionals } = readArguments()
  if (values.help) return console.log(help)
  const [build, ...others] = positionals
  if (build === undefined || others.length > 0)
    throw new Problem('Name one build: npm run deploy -- <build> --target FILE.')
  // It becomes part of paths and of lines of a shell.
  if (!/^\w[\w.-]{0,99}$/.test(build))
    throw new Problem(`${build} is no name of a build: letters, digits, dots and dashes make one.`)
  if (values.target === undefined) throw new Problem('Name the target: npm run deploy -- <build> --target FILE.')
  // npm runs a script in the project's folder, whatever the one is that paths are meant from.
  const target = await readTarget(resolve(process.env.INIT_CWD ?? '.', values.target))
  if (values['dry-run']) {
    console.log(`The database would be migrated to ${build}.`)
    for (const { address } of target.nodes) console.log(`${address} would be replaced by ${build}.`)
    return
  }
  await roll(target, build, console.log)
  console.log(`All nodes run ${build}.`)
})
