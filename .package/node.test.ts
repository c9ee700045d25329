import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { findNode, runIn } from './project.ts'
import { serve } from './serve.ts'

const { folder } = inject('project')

describe.each([20, 22, 24])('on Node %i', (major) => {
  let node: string
  beforeAll(async () => {
    node = await findNode(major)
    expect(await runIn(folder, node, ['--version'])).toMatch(`v${major}.`)
  })

  test('every part can be imported', async () => {
    const { exports } = JSON.parse(await readFile(join(folder, 'node_modules/atelierx/package.json'), 'utf8'))
    const parts = Object.keys(exports).filter((part) => !/[*]|json$/.test(part))
    const script = `for (const part of ${JSON.stringify(parts)}) await import(part.replace('.', 'atelierx'))`
    await runIn(folder, node, ['--input-type=module', '--eval', script])
  })

  test("the README's tests pass, on a stub and on a database in process", async () => {
    expect(await runIn(folder, node, ['--test', 'out/rating.test.js'])).toMatch(/pass 2\n/)
  })

  test("the README's server answers, with the endpoint that was added, and its client reads it", async () => {
    const origin = await serve(folder, node)
    const meta = await fetch(`${origin}/reviews/meta?product_id=1`)
    expect(await meta.json()).toMatchObject({ product_id: '1', recommended: { true: '3' } })
    const document = (await (await fetch(`${origin}/openapi.json`)).json()) as { paths: object }
    expect(Object.keys(document.paths)).toEqual(['/reviews', '/reviews/meta', '/products/{product_id}/rating'])
    const rating = await fetch(`${origin}/products/1/rating`)
    expect([await rating.json(), rating.headers.get('cache-groups')]).toEqual([{ stars: 3.2 }, '"product-1"'])

    // Swagger UI is not installed.
    const docs = await fetch(`${origin}/docs`, { redirect: 'manual' })
    expect([docs.status, docs.headers.get('location')]).toEqual([302, '/openapi.json'])

    const asked = [`'${origin}', 1`, `'${origin}', 3`, "'http://127.0.0.1:1', 1"].map((one) => `await starsOf(${one})`)
    const script = `import { starsOf } from './out/page.js'; console.log([${asked.join()}].join('\\n'))`
    expect(await runIn(folder, node, ['--input-type=module', '--eval', script])).toBe(
      '3.2 of 5\nNobody rated this yet.\nTry again in a moment.\n',
    )
  })
})
