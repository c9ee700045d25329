import { check } from 'k6'
import http, { type Answer } from 'k6/http'
import { Counter } from 'k6/metrics'
import { only, type Shape } from './shapes.ts'

/** One request, and what makes its answer right. */
export type Request = {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly status: number
  readonly body?: object
  readonly visitor?: string
  readonly shape: Shape
}

/** Makes a request about something at random. */
export type Operation = () => Request

export const get = (path: string, shape: Shape, visitor?: string): Request => ({
  method: 'GET',
  path,
  status: 200,
  shape,
  ...(visitor === undefined ? {} : { visitor }),
})
export const put = (path: string): Request => ({ method: 'PUT', path, status: 204, shape: only('') })
export const post = (path: string, body: object, visitor?: string): Request => ({
  method: 'POST',
  path,
  status: 201,
  body,
  shape: only('Created'),
  ...(visitor === undefined ? {} : { visitor }),
})

const refused = new Counter('refused')
const told = new Set<string>()

/** Sends a request and checks the answer. A refusal with `Retry-After` is counted apart where overload is what is tried. */
export const ask = (operation: string, request: Request, overload: boolean): void => {
  const { method, path, body, visitor } = request
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (visitor !== undefined) headers.Authorization = visitor
  const answer = http.request(method, __ENV.URL + path, body === undefined ? null : JSON.stringify(body), {
    headers,
    tags: { name: operation },
    timeout: '10s',
  })
  if (overload && answer.status === 503 && answer.headers['Retry-After'] !== undefined) return refused.add(1)
  if (check(answer, { [operation]: (answer) => isRight(answer, request) })) return
  // Each virtual user tells of the first fault of an operation: the thousandth says nothing new.
  if (told.has(operation)) return
  told.add(operation)
  console.error(`${method} ${path} answered ${answer.status} ${answer.error || (answer.body ?? '').slice(0, 200)}`)
}

const isRight = (answer: Answer, { method, status, shape }: Request): boolean => {
  if (answer.status !== status) return false
  if (method !== 'GET') return shape(answer.body ?? '')
  if (!(answer.headers['Content-Type'] ?? '').startsWith('application/json')) return false
  try {
    return shape(JSON.parse(answer.body ?? ''))
  } catch {
    return false
  }
}
