import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endpoints } from '../handlers/index.ts'
import { buildDocument } from '../router/openapi/document.ts'
import { findNode, installIn, runIn } from './project.ts'

const tools = [
  '@hey-api/openapi-ts@0.99.0',
  '@redocly/cli@2.77.0',
  'openapi-fetch@0.17.0',
  'openapi-typescript@7.13.0',
  // The newest that the generators take.
  'typescript@5.9.3',
]

let folder: string
let node: string
const run = (name: string, ...options: string[]) => runIn(folder, node, [join('node_modules', name), ...options])

beforeAll(async () => {
  folder = await installIn(tools)
  node = await findNode(24)
  const document = buildDocument(endpoints, { hasReplicas: true })
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document, undefined, 2))
})
afterAll(() => rm(folder, { recursive: true }))

test('Redocly finds nothing in the document', async () => {
  const output = await run('@redocly/cli/bin/cli.js', 'lint', 'openapi.json')
  expect(output).toContain('Your API description is valid.')
  expect(output).not.toMatch(/warning/i)
})

test('openapi-typescript and hey-api generate clients that are sound', async () => {
  await copyFile(join(import.meta.dirname, 'consumer/clients.ts'), join(folder, 'clients.ts'))
  const compilerOptions = { target: 'es2022', module: 'nodenext', types: [], strict: true, noEmit: true }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  await run('openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'schema.ts')
  await run('@hey-api/openapi-ts/bin/run.js', '--input', 'openapi.json', '--output', 'hey-api')
  expect(await run('typescript/bin/tsc')).toBe('')
})
