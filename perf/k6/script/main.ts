import { check } from 'k6'
import { SharedArray } from 'k6/data'
import http, { type RefinedParams } from 'k6/http'
import { Counter } from 'k6/metrics'
import type { SampleIds } from '../../operations.ts'
import type { ScriptOperation } from '../mix.ts'
import { type Check, compile } from './schema.ts'

// k6 runs this; measure.ts sets these variables and writes the files that they name.
const { URL: base = '', OPERATIONS = '', IDS = '', OPTIONS = '', SUMMARY = '', OVERLOAD } = __ENV
export const options = JSON.parse(open(OPTIONS)) as object

const operations = JSON.parse(open(OPERATIONS)) as ScriptOperation[]
const checks: readonly Check[] = operations.map(({ schema }) => compile(schema as object))
const total = operations.reduce((sum, { weight }) => sum + weight, 0)

// A shared array is read once for all virtual users.
const kinds = Array.from(new Set(operations.flatMap(({ kind }) => kind ?? [])))
const ids = Object.fromEntries(
  kinds.map((kind) => [kind, new SharedArray<number>(kind, () => [...(JSON.parse(open(IDS)) as SampleIds)[kind]])]),
)

const refused = new Counter('refused')
const reported = new Set<string>()
// Reading every answer would double what k6 takes of the cores that it shares with the API.
const oneIn = 8

const below = (limit: number): number => Math.floor(Math.random() * limit)

const pick = (): number => {
  let left = Math.random() * total
  let index = 0
  while (index < operations.length - 1 && left >= (operations[index] as ScriptOperation).weight) {
    left -= (operations[index] as ScriptOperation).weight
    index += 1
  }
  return index
}

/** Sends a random request and checks the status of the answer, and of one in eight the body. */
export default function request(): void {
  const index = pick()
  const { name, method, path, body, kind, status, text, namesCart } = operations[index] as ScriptOperation
  const candidates = kind && ids[kind]
  const id = candidates ? (candidates[below(candidates.length)] as number) : 0
  const url = path.replace(':n', String(id))
  const isRead = below(oneIn) === 0
  const headers: Record<string, string> = {}
  if (namesCart) headers['Authorization'] = `visitor-${below(10_000)}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const parameters: RefinedParams<'text'> = { tags: { name }, timeout: 10_000, headers }
  if (isRead) parameters.responseType = 'text'
  const answer = http.request(method, base + url, body ? body.replace(':n', String(id)) : null, parameters)
  if (OVERLOAD && answer.status === 503 && answer.headers['Retry-After'] !== undefined) return refused.add(1)
  // The end of a break cancels the requests under way.
  if (answer.status === status ? !isRead : answer.error === 'context canceled') return
  const isRight = () =>
    method === 'GET' ? isAbout(answer.body, id, checks[index] as Check) : answer.body === text || !answer.body === !text
  if (check(null, { [name]: () => isRead && answer.status === status && isRight() })) return
  // Once for each virtual user, as the next are alike.
  if (reported.has(name)) return
  reported.add(name)
  console.error(`${method} ${url} answered ${answer.status} ${answer.error || (answer.body ?? '').slice(0, 200)}`)
}

/** Tells if a text is JSON of the right shape; the first value of an object is the id that was requested. */
const isAbout = (text: string | null, id: number, check: Check): boolean => {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (!check(value)) return false
    if (Array.isArray(value)) return true
    return String(Object.values(value as object)[0]) === String(id)
  } catch {
    return false
  }
}

/** Writes the summary, which measure.ts reads. */
export const handleSummary = (data: object): Record<string, string> => ({ [SUMMARY]: JSON.stringify(data) })
