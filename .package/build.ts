import { execFileSync } from 'node:child_process'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

type Package = Readonly<Record<string, unknown>> & {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
type Listed = Readonly<Record<string, string>>

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const read = async (file: string) => JSON.parse(await readFile(file, 'utf8'))

/** The `package.json` of the package: its own part, with the versions, licence and `private` of the project's. */
const describe = async (): Promise<object> => {
  const { dependencies, devDependencies, ...project }: Package = await read(join(root, 'package.json'))
  const own = await read(join(import.meta.dirname, 'package.json'))
  const versions = { ...devDependencies, ...dependencies }
  const withVersions = (names: Listed) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, versions[name] ?? '*']))
  const { name, version, description, license, engines } = project
  return {
    name,
    version,
    description,
    license,
    engines,
    ...(project.private === true && { private: true }),
    ...own,
    dependencies: withVersions(own.dependencies),
    peerDependencies: withVersions(own.peerDependencies),
  }
}

await rm(dist, { recursive: true, force: true })
const compile = (...options: string[]) =>
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', import.meta.dirname, ...options], { stdio: 'inherit' })
// Comments are for who reads types, and a tenth of the package. Source maps stay here: a quarter of it, and their
// sources are not in it.
compile('--sourceMap', '--removeComments')
compile('--declaration', '--emitDeclarationOnly')
await mkdir(join(dist, 'migrations'), { recursive: true })
await cp(join(root, 'migrations'), join(dist, 'migrations'), { recursive: true })
await cp(join(root, 'db/fixture.sql'), join(dist, 'db/fixture.sql'))
await writeFile(join(dist, 'package.json'), `${JSON.stringify(await describe(), undefined, 2)}\n`)
await cp(join(import.meta.dirname, 'README.md'), join(dist, 'README.md'))
