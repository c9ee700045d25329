import { main, readCommandLine, resolvePath, UserError } from '../../db/commandLine.ts'
import { roll } from './roll.ts'
import { readTarget } from './target.ts'

const about = `Migrates the database, then drains, replaces and tests each node in turn.
It stops at the first failure, and gives that node its old build back. To roll back, deploy the old build.`

const options = {
  target: { about: 'the hosts, and how to run a command on each: ops/README.md shows one', default: '', value: 'FILE' },
  'dry-run': { about: 'prints the steps', default: false },
} as const

await main(async () => {
  const command = readCommandLine('npm run deploy -- <build> --target FILE [--dry-run]', about, options)
  if (!command) return
  const { values, words } = command
  const [build, ...others] = words
  if (build === undefined || others.length > 0)
    throw new UserError('Name one build: npm run deploy -- <build> --target FILE.')
  // The build becomes part of paths and of shell commands.
  if (!/^\w[\w.-]{0,99}$/.test(build))
    throw new UserError(`${build} is not the name of a build: use letters, digits, dots and dashes.`)
  if (values.target === '') throw new UserError('Name the target: npm run deploy -- <build> --target FILE.')
  const target = await readTarget(resolvePath(values.target))
  if (values['dry-run']) {
    console.log(`The database would be migrated to ${build}.`)
    for (const { address } of target.nodes) console.log(`${address} would be replaced by ${build}.`)
    return
  }
  await roll(target, build, console.log)
  console.log(`All nodes run ${build}.`)
})
