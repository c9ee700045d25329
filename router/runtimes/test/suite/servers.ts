import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build, type BuildOptions } from 'esbuild'

/** A server of the API in a runtime. */
export type SuiteServer = { readonly origin: string; readonly stop: () => Promise<unknown> }
/** Starts one on the database of a URL. */
export type Start = (url: string) => Promise<SuiteServer>

const root = join(import.meta.dirname, '../../../..')
const cache = join(root, '.atelier/runtimes')
const runtimes = join(import.meta.dirname, '../..')

/** Installs a package into a folder of this project that git ignores, and gives the path of one of its files. */
const install = async (spec: string, file: string): Promise<string> => {
  const folder = join(cache, spec.replaceAll(/[^\w.@-]/g, '_'))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const options = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', spec]
  await promisify(execFile)('npm', options, { cwd: folder })
  return join(folder, 'node_modules', file)
}

/** Bundles a program that stands in `router/runtimes`. */
const bundle = async (name: string, contents: string, options: BuildOptions = {}): Promise<string> => {
  const outfile = join(cache, `${name}.mjs`)
  await build({
    stdin: { contents, resolveDir: runtimes, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    outfile,
    logLevel: 'error',
    ...options,
  })
  return outfile
}

/** Runs a program that prints its origin. */
const run = async (command: string, options: readonly string[], url: string): Promise<SuiteServer> => {
  const env = { ...process.env, DATABASE_URL: url, NODE_ENV: 'production' }
  const child = spawn(command, options, { cwd: cache, env, stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const first = await Promise.race([once(child.stdout, 'data'), exited.then(() => undefined)])
  if (!first) throw new Error(`${command} ${options.join(' ')} ended with ${child.exitCode} before it listened.`)
  return { origin: String(first[0]).trim(), stop: async () => child.kill('SIGKILL') && exited }
}

const program = (file: string, serve: string): string => `
  import { ${serve} } from './${file}.ts'
  const server = await ${serve}({ url: process.env.DATABASE_URL ?? '', host: '127.0.0.1', port: 0 })
  console.log('http://127.0.0.1:' + server.port)`

const platform = `${process.platform}-${process.arch}`

export const startNode =
  (major: number): Start =>
  async (url) => {
    const node = await install(`node-${platform}@${major}`, `node-${platform}/bin/node`)
    return run(node, [await bundle('node', program('node', 'serveNode'))], url)
  }

export const startBun: Start = async (url) => {
  const bun = await install('bun@1', `@oven/bun-${platform}/bin/bun`)
  return run(bun, [await bundle('bun', program('bun', 'serveBun'), { conditions: ['bun'] })], url)
}

export const startDeno: Start = async (url) => {
  const deno = await install('deno@2', `@deno/${platform}-glibc/deno`)
  const allowed = ['--allow-net', '--allow-env', '--allow-read', '--no-prompt', '--quiet']
  return run(deno, ['run', ...allowed, await bundle('deno', program('deno', 'serveDeno'))], url)
}

/** Starts workerd by miniflare, with the database as its Hyperdrive. */
export const startWorkerd: Start = async (url) => {
  const miniflare = createRequire(await install('miniflare@4', 'miniflare/package.json'))('miniflare')
  const contents = `
    import { endpoints } from '../../handlers/index.ts'
    import { createWorker } from './workers.ts'
    export default createWorker(endpoints)`
  const external = ['node:*', 'cloudflare:*']
  const scriptPath = await bundle('worker', contents, {
    conditions: ['workerd', 'worker'],
    platform: 'neutral',
    external,
  })
  const worker = new miniflare.Miniflare({
    modules: [{ type: 'ESModule', path: scriptPath }],
    host: '127.0.0.1',
    port: 0,
    compatibilityDate: '2025-09-15',
    compatibilityFlags: ['nodejs_compat'],
    hyperdrives: { HYPERDRIVE: url },
  })
  const origin = (await worker.ready) as URL
  return { origin: origin.origin, stop: () => worker.dispose() }
}

/** Serves a minified Lambda, with a server in place of what sends it events of one form. */
export const startLambda =
  (form: string): Start =>
  async (url) => {
    await bundle('lambda', "export { handler } from './lambda.ts'", { minify: true })
    const server = join(cache, `lambda-${form}.mjs`)
    await writeFile(
      server,
      `import { handler } from './lambda.mjs'
       import { serveLambda } from '${join(import.meta.dirname, 'lambdaEvents.mjs')}'
       serveLambda(handler, '${form}')`,
    )
    return run(await install(`node-${platform}@22`, `node-${platform}/bin/node`), [server], url)
  }
