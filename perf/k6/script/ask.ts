import { check } from 'k6'
import http, { type Answer, type RequestParameters } from 'k6/http'
import { Counter } from 'k6/metrics'
import { isObject, type Shape } from './shapes.ts'

/** One request, and what makes its answer right. */
export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly status: number
  readonly shape: Shape
  /** What the answer says it is about. */
  readonly about?: Readonly<Record<string, unknown>>
  readonly body?: object
  readonly visitor?: string
}

/** Makes a request about something at random. */
export type Operation = () => Request

const noBody: Shape = (value) => value === ''
const created: Shape = (value) => value === 'Created'

export const get = (path: string, shape: Shape, about: Request['about'] = {}): Request => ({
  method: 'GET',
  path,
  status: 200,
  shape,
  about,
})
export const put = (path: string): Request => ({ method: 'PUT', path, status: 204, shape: noBody })
export const post = (path: string, body: object): Request => ({
  method: 'POST',
  path,
  status: 201,
  shape: created,
  body,
})

const refused = new Counter('refused')
const told = new Set<string>()
const { URL: base = '' } = __ENV
const patienceMs = 10_000

// Reading each answer would cost k6 as much as to ask for it, on cores that it shares with what it loads.
const oneIn = 8

/**
 * Sends a request and checks the answer: its status always, of one in eight all that it says. A refusal with `Retry-After`
 * is counted apart where overload is what is tried.
 */
export const ask = (operation: string, request: Request, overload: boolean): void => {
  const { method, path, body, visitor } = request
  const isRead = Math.random() * oneIn < 1
  const parameters: RequestParameters = { tags: { name: operation }, timeout: patienceMs }
  if (isRead) parameters.responseType = 'text'
  if (visitor !== undefined) parameters.headers = { Authorization: visitor }
  if (body !== undefined) parameters.headers = { ...parameters.headers, 'Content-Type': 'application/json' }
  const answer = http.request(method, base + path, body === undefined ? null : JSON.stringify(body), parameters)
  const { status } = answer
  if (overload && status === 503 && answer.headers['Retry-After'] !== undefined) return refused.add(1)
  if (status === request.status && !isRead) return
  if (check(null, { [operation]: isRead && isRight(answer, request) })) return
  // Each virtual user tells of the first fault of an operation: the thousandth says nothing new.
  if (told.has(operation)) return
  told.add(operation)
  console.error(`${method} ${path} answered ${answer.status} ${answer.error || (answer.body ?? '').slice(0, 200)}`)
}

const isRight = (answer: Answer, { method, status, shape, about }: Request): boolean => {
  if (answer.status !== status) return false
  const text = answer.body ?? ''
  if (method !== 'GET') return shape(text)
  if (!answer.headers['Content-Type']?.startsWith('application/json')) return false
  try {
    const value: unknown = JSON.parse(text)
    return shape(value) && isAbout(value, about)
  } catch {
    return false
  }
}

const isAbout = (value: unknown, about: Request['about']): boolean => {
  for (const name in about) {
    if (!isObject(value) || value[name] !== about[name]) return false
  }
  return true
}
