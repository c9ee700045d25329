import { endpoints } from '../../../../handlers/index.ts'

/** A request that every runtime answers alike, and the status that it expects. */
export type SuiteRequest = {
  readonly group: string
  readonly name: string
  readonly status: number
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Bytes in place of all that, as no client library would send them. */
  readonly raw?: string
  /** SQL before and after the request, for failures of the database. */
  readonly before?: string
  readonly after?: string
  /** The same from another database: `$database` is that of the API. */
  readonly asAdmin?: { readonly before: string; readonly after: string }
}

type More = Partial<Omit<SuiteRequest, 'group' | 'status' | 'method' | 'path'>>
export type Row = readonly [status: number, method: string, path: string, more?: More]

/** Requests of a group, named by what they send. */
export const group = (name: string, rows: readonly Row[]): SuiteRequest[] =>
  rows.map(([status, method, path, more = {}]) => {
    const details = [JSON.stringify(more.headers ?? '').slice(0, 60), more.body?.slice(0, 30)].join(' ')
    return { group: name, name: `${method} ${path.slice(0, 60)} ${details}`.trim(), status, method, path, ...more }
  })

export const json = (value: unknown): More => ({ body: JSON.stringify(value) })
export const bearer = { authorization: 'first' }
export const problem = { accept: 'application/problem+json' }
export const { addReview, addQuestion } = endpoints
const { question_id: _, ...answer } = endpoints.addAnswer.example
export const interaction = { element: 'a', widget: 'b', time: 'c' }
export { answer }
