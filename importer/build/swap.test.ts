import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../db/connect.ts'
import { findInconsistent } from '../../db/verify.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../../router/app.ts'
import { useImporter } from '../test/importer.ts'

const importer = useImporter()
let connected: Database
beforeAll(() => (connected = connect(importer.url)))
afterAll(() => connected.end())

const products = 30
const written = products + 1

const paths = [
  '/products?count=40',
  ...Array.from({ length: 8 }, (_, index) => index + 1).flatMap((id) => [
    `/products/${id}`,
    `/products/${id}/styles`,
    `/products/${id}/related`,
    `/reviews?product_id=${id}&count=100`,
    `/reviews?product_id=${id}&count=100&sort=newest`,
    `/reviews/meta?product_id=${id}`,
    `/qa/questions?product_id=${id}&count=100`,
    `/qa/questions/${id}/answers`,
  ]),
]

test('a running API answers from the old set until it answers from the new one, and no request fails', async () => {
  // Writes go to the one product that the new set lacks: its rows are carried over.
  const [before, folder] = await Promise.all([importer.generate(written, 2), importer.generate(products, 1)])
  await importer.load(before)
  const incidents: unknown[] = []
  const app = createApp(endpoints, connected.db, { log: (incident) => incidents.push(incident) })
  // On a loaded machine a swap can take longer than a request waits for a connection (600 ms). It is refused before
  // anything is done, and sent again; a 503 for another reason is an incident.
  const request = async (path: string, init?: RequestInit) => {
    for (let tries = 1; ; tries += 1) {
      const response = await app.request(path, init)
      if (response.status !== 503 || tries === 5) return response
    }
  }
  const get = async (path: string) => {
    const answer = await request(path)
    return `${answer.status} ${await answer.text()}`
  }
  // One after the other: a loaded machine refuses some of 65 requests at once.
  const getAll = async () => {
    const answers = new Map<string, string>()
    for (const path of paths) answers.set(path, await get(path))
    expect([...answers.values()].filter((answer) => !answer.startsWith('200 '))).toEqual([])
    return answers
  }
  const write = async (path: string, example: object) => {
    const headers = { 'Content-Type': 'application/json', Authorization: 'mine' }
    const answer = await request(path, { method: 'POST', headers, body: JSON.stringify(example) })
    return answer.status
  }

  const old = await getAll()
  const reads: { path: string; answer: string; isLate: boolean }[] = []
  const statuses: number[] = []
  const over = new AbortController()
  const reader = async (first: number) => {
    for (let n = first; !over.signal.aborted; n += 1) {
      const path = paths[n % paths.length] ?? ''
      const isLate = isNew
      const answer = await get(path)
      // Reads that start after one has shown the new set show it, too.
      if (answer !== old.get(path)) isNew = true
      reads.push({ path, answer, isLate })
    }
  }
  let isNew = false
  const writer = async () => {
    for (; !over.signal.aborted;) {
      statuses.push(
        await write('/reviews', { ...endpoints.addReview.example, product_id: written, characteristics: {} }),
      )
      statuses.push(await write('/qa/questions', { ...endpoints.addQuestion.example, product_id: written }))
      statuses.push(await write('/interactions', endpoints.recordInteraction.example))
    }
  }
  const clients = [reader(0), reader(20), reader(40), writer()]
  await importer.load(folder).finally(() => over.abort())
  await Promise.all(clients)

  const now = await getAll()
  const differ = paths.filter((path) => old.get(path) !== now.get(path))
  expect(differ.length).toBeGreaterThan(paths.length * 0.8)
  expect(reads.filter(({ path, answer }) => answer !== old.get(path) && answer !== now.get(path))).toEqual([])
  expect(reads.filter(({ path, answer, isLate }) => isLate && answer !== now.get(path))).toEqual([])
  expect(reads.some(({ path, answer }) => differ.includes(path) && answer === old.get(path))).toBe(true)
  expect(new Set(statuses)).toEqual(new Set([201]))
  expect(incidents).toEqual([])
  const { body } = endpoints.addReview.example
  const [row] = await importer.sql`select count(*)::int as reviews from reviews where body = ${body}`
  expect(row).toEqual({ reviews: statuses.length / 3 })
  expect(await findInconsistent(importer.sql)).toEqual([])
})
