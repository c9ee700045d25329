import type { Endpoint, FailureOf, InputOf, OutputOf } from '../handlers/endpoint.ts'
import type { Failure, HttpFailure, Issue } from '../handlers/failure.ts'
import type { ContextField } from '../handlers/fields.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

/** The input of an endpoint without its context fields, which the router fills. */
export type ClientInput<Of extends Endpoint, Shape = Of['input']['shape']> = Omit<
  InputOf<Of>,
  { [Name in keyof Shape]: Shape[Name] extends ContextField ? Name : never }[keyof Shape]
>

/** A failure as received. `unreachable` stands for no answer, or one that is not the API's, as of a proxy. */
export type ClientFailure<Of extends Endpoint> = Received<FailureOf<Of> | HttpFailure | Failure<'unreachable'>>
type Received<One> =
  One extends Failure<infer Code, infer Status>
    ? { readonly code: Code; readonly status: Status; readonly text: string; readonly faults: readonly Issue[] }
    : never

export type Result<Of extends Endpoint> =
  | { readonly ok: true; readonly status: Of['status']; readonly value: OutputOf<Of> }
  | { readonly ok: false; readonly status: number; readonly failure: ClientFailure<Of> }

/** The options of one call. A write with an idempotency key, such as a UUID, is retried as reads are: it runs once. */
export type CallOptions = { readonly signal?: AbortSignal; readonly idempotencyKey?: string }

type Call<Of extends Endpoint> =
  object extends ClientInput<Of>
    ? (input?: ClientInput<Of>, options?: CallOptions) => Promise<Result<Of>>
    : (input: ClientInput<Of>, options?: CallOptions) => Promise<Result<Of>>

/** A function for each endpoint: `client.getReviewMeta({ product_id: 1 })`. */
export type Client<Of extends Endpoints> = { readonly [Name in keyof Of]: Call<Of[Name]> }

export type ClientOptions = {
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** The token that names the caller's cart. */
  readonly token?: string
  /** The timeout of each try, 10 s by default. */
  readonly timeoutMs?: number
  /** The number of retries of a read while the API is busy or unreachable, 2 by default. */
  readonly retries?: number
}

type SendOptions = Omit<RequestInit, 'signal'> & { canRetry: boolean; signal?: AbortSignal | undefined }
type Operations = Readonly<Record<string, { readonly method: string; readonly path: string }>>
type Paths = Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>

/**
 * Creates a client of the API at a URL, from the types of its endpoints alone: it reads their addresses from the
 * OpenAPI document before the first call. Failures are results; a call rejects only when its signal is aborted.
 */
export const createClient = <Of extends Endpoints>(url: string, options: ClientOptions = {}): Client<Of> => {
  const { fetch = globalThis.fetch, token, timeoutMs = 10_000, retries = 2 } = options
  const base = url.replace(/\/+$/, '')

  const send = async (path: string, { canRetry, signal, ...init }: SendOptions): Promise<Response> => {
    for (let tries = canRetry ? retries : 0; ; tries -= 1) {
      const limit = AbortSignal.timeout(timeoutMs)
      const sent = fetch(base + path, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit })
      const response = await sent.catch((error: unknown) => {
        if (tries <= 0 || signal?.aborted) throw error
      })
      const waitMs = Number(response?.headers.get('retry-after')) * 1000 || 0
      if (response && (response.status !== 503 || tries <= 0 || waitMs > timeoutMs)) return response
      // With jitter: clients that were refused together would else retry together.
      await new Promise((resolve) => setTimeout(resolve, waitMs + Math.random() * 400))
    }
  }

  let operations: Promise<Operations> | undefined
  const readOperations = async (): Promise<Operations> => {
    const response = await send('/openapi.json', { canRetry: true })
    if (!response.ok) throw new Error(`${response.url} is answered ${response.status}`)
    const { paths } = (await response.json()) as { readonly paths: Paths }
    const entries = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, { method, path }] as const),
    )
    return Object.fromEntries(entries)
  }
  const reset = (error: unknown) => {
    operations = undefined
    throw error
  }

  const call = async (name: string, input: object, { signal, idempotencyKey: key }: CallOptions) => {
    const addresses = await (operations ??= readOperations().catch(reset))
    const operation = addresses[name] ?? { method: 'get', path: `/${name}` }
    const method = operation.method.toUpperCase()
    const rest: Record<string, unknown> = { ...input }
    const path = operation.path.replace(/{(\w+)}/g, (_, field: string) => {
      const value = encodeURIComponent(String(rest[field]))
      delete rest[field]
      return value
    })
    const headers = {
      Accept: 'application/problem+json, */*',
      ...(token && { Authorization: token }),
      ...(key && { 'Idempotency-Key': key }),
    }
    const options = { method, headers, signal, canRetry: method === 'GET' || !!key }
    if (method.startsWith('P'))
      return send(path, {
        ...options,
        body: JSON.stringify(rest),
        headers: { ...headers, 'Content-Type': 'application/json' },
      })
    const query = new URLSearchParams()
    for (const [field, value] of Object.entries(rest))
      for (const one of [value].flat()) if (one !== undefined) query.append(field, one as string)
    const text = query.toString()
    return send(text ? `${path}?${text}` : path, options)
  }

  const createCall =
    (name: string) =>
    async (input: object = {}, options: CallOptions = {}): Promise<unknown> => {
      try {
        return await readResult(await call(name, input, options))
      } catch (error) {
        if (options.signal?.aborted) throw error
        return unreachable(0, String(error))
      }
    }
  return new Proxy({} as Client<Of>, {
    // Without `then`, so that `await client` does not call it.
    get: (_, name) => (name === 'then' ? undefined : createCall(String(name))),
  })
}

const readResult = async (response: Response) => {
  const { ok, status } = response
  const isJson = response.headers.get('content-type')?.includes('json')
  const value: unknown = isJson ? await response.json() : (await response.text()) || undefined
  if (ok) return { ok, status, value }
  const { code, detail: text, faults } = Object(value) as { code?: string; detail: string; faults: readonly Issue[] }
  return code === undefined
    ? unreachable(status, String(value))
    : { ok, status, failure: { code, status, text, faults } }
}

const unreachable = (status: number, text: string) => ({
  ok: false,
  status,
  failure: { code: 'unreachable', status, text, faults: [] },
})
