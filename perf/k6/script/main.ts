import { check } from 'k6'
import { SharedArray } from 'k6/data'
import http, { type RefinedParams } from 'k6/http'
import { Counter } from 'k6/metrics'
import type { Ids } from '../../operations.ts'
import type { Asked } from '../mix.ts'
import { type Check, compile } from './schema.ts'

// k6 runs this; measure.ts sets these variables and writes the files that they name.
const { URL: base = '', OPERATIONS = '', IDS = '', OPTIONS = '', SUMMARY = '', OVERLOAD } = __ENV
export const options = JSON.parse(open(OPTIONS)) as object

const operations = JSON.parse(open(OPERATIONS)) as Asked[]
const checks: readonly Check[] = operations.map(({ schema }) => compile(schema as object))
const total = operations.reduce((sum, { weight }) => sum + weight, 0)

// A shared array is read once for all virtual users.
const kinds = Array.from(new Set(operations.flatMap(({ kind }) => kind ?? [])))
const ids = Object.fromEntries(
  kinds.map((kind) => [kind, new SharedArray<number>(kind, () => [...(JSON.parse(open(IDS)) as Ids)[kind]])]),
)

const refused = new Counter('refused')
const reported = new Set<string>()
// To read each answer would cost k6 as much as to ask for it, on cores that it shares with what it loads.
const oneIn = 8

const below = (limit: number): number => Math.floor(Math.random() * limit)

const pick = (): number => {
  let left = Math.random() * total
  let index = 0
  while (index < operations.length - 1 && left >= (operations[index] as Asked).weight) {
    left -= (operations[index] as Asked).weight
    index += 1
  }
  return index
}

/** Asks for something at random and checks the answer: its status always, of one in eight all that it says. */
export default function ask(): void {
  const index = pick()
  const { name, method, path, body, kind, status, text, namesCart } = operations[index] as Asked
  const among = kind && ids[kind]
  const id = among ? (among[below(among.length)] as number) : 0
  const url = path.replace(':n', String(id))
  const isRead = below(oneIn) === 0
  const headers: Record<string, string> = {}
  if (namesCart) headers['Authorization'] = `visitor-${below(10_000)}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const parameters: RefinedParams<'text'> = { tags: { name }, timeout: 10_000, headers }
  if (isRead) parameters.responseType = 'text'
  const answer = http.request(method, base + url, body ? body.replace(':n', String(id)) : null, parameters)
  if (OVERLOAD && answer.status === 503 && answer.headers['Retry-After'] !== undefined) return refused.add(1)
  // A break that was found cuts short what is under way.
  if (answer.status === status ? !isRead : answer.error === 'context canceled') return
  const isRight = () =>
    method === 'GET' ? isAbout(answer.body, id, checks[index] as Check) : answer.body === text || !answer.body === !text
  if (check(null, { [name]: () => isRead && answer.status === status && isRight() })) return
  // Once for each virtual user: the thousandth says nothing new.
  if (reported.has(name)) return
  reported.add(name)
  console.error(`${method} ${url} answered ${answer.status} ${answer.error || (answer.body ?? '').slice(0, 200)}`)
}

/** Whether a text is JSON of the right shape, and an object about what was asked for, which its first key names. */
const isAbout = (text: string | null, id: number, check: Check): boolean => {
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (!check(value)) return false
    if (Array.isArray(value)) return true
    return (
      Object.values(value as object)[0] === (typeof Object.values(value as object)[0] === 'number' ? id : String(id))
    )
  } catch {
    return false
  }
}

/** Writes all that k6 sums up, for measure.ts. */
export const handleSummary = (data: object): Record<string, string> => ({ [SUMMARY]: JSON.stringify(data) })
