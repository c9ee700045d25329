import type * as z from 'zod'
import { findOversized, maxIssues } from './bounds.ts'
import type { Db, Json } from './database.ts'
import { Failure, invalidParameter } from './failure.ts'
import { cacheGroup, type CacheId, Mutation } from './mutation.ts'

/** The names of the parameters in a path. */
export type PathParameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParameters<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** The result of a handler: a value or its JSON, or, from a write, a mutation. */
type HandlerResult<Value> = [Value] extends ['Created' | undefined] ? Mutation<Value> : Value | Json<Value>

/** An endpoint: its input, output and failures, and a pure function of a database and an input. */
export type Endpoint<
  Path extends string = string,
  Shape extends z.ZodRawShape = z.ZodRawShape,
  Output extends z.ZodType = z.ZodType,
  Declared extends Failure = Failure,
  Method extends 'get' | 'post' | 'put' | 'patch' | 'delete' = 'get' | 'post' | 'put' | 'patch' | 'delete',
  Status extends 200 | 201 | 204 = 200 | 201 | 204,
> = {
  readonly method: Method
  readonly path: Path
  /** `admin` for an endpoint that only holders of the admin token may call; anyone may call the others. */
  readonly access?: 'admin'
  readonly summary: string
  readonly status: Status
  /** One flat object: the parameters of the path, and those of the query (GET, DELETE) or the body. */
  readonly input: z.ZodObject<Shape>
  readonly output: Output
  /** The 404 also stands for an invalid id in the path, the 422 for any other invalid input. */
  readonly failures: readonly Declared[]
  readonly example: z.input<z.ZodObject<Shape>>
  /** Shared caches may store the answer until a write invalidates the id in this field; under `shop`, no write does. */
  readonly cache?: { readonly by: (keyof Shape & CacheId) | 'shop' }
  /** The ids, in the row of a write, whose cached answers it invalidates; `all` for those of the whole API. */
  readonly invalidates?: readonly CacheId[] | 'all'
  /** The target of the list that holds what a 201 added, with ids of the row: `/reviews?product_id=:product_id`. */
  readonly shownAt?: string
  handle(db: Db, input: z.output<z.ZodObject<Shape>>): Promise<HandlerResult<z.output<Output>> | NoInfer<Declared>>
}

/** Returns its argument. The compiler checks that the parts of the endpoint fit one another. */
export const endpoint = <
  const Path extends string,
  Shape extends z.ZodRawShape & Record<PathParameters<Path>, z.ZodType>,
  Output extends z.ZodType,
  Method extends Endpoint['method'],
  Status extends Endpoint['status'],
  Declared extends Failure = never,
>(
  definition: Endpoint<Path, Shape, Output, Declared, Method, Status>,
): Endpoint<Path, Shape, Output, Declared, Method, Status> => definition

/** The input of an endpoint before validation, context fields included. */
export type InputOf<Of extends Endpoint> = z.input<Of['input']>

/** The output of an endpoint that does not fail. */
export type OutputOf<Of extends Endpoint> = z.output<Of['output']>

/**
 * The failures of an endpoint: those that it declares, and `invalid_parameter` for invalid input that these do not
 * cover.
 */
export type FailureOf<Of extends Endpoint> =
  | Of['failures'][number]
  | Undeclared<Of, 404, PathParameters<Of['path']>>
  | Undeclared<Of, 422, Exclude<keyof Of['input']['shape'], PathParameters<Of['path']>>>

type Undeclared<Of extends Endpoint, Status, Names> = [Names] extends [never]
  ? never
  : Status extends Of['failures'][number]['status']
    ? never
    : ReturnType<typeof invalidParameter>

/** Validates an input and runs the handler. Resolves to JSON text for a 200, a mutation for a write, or a failure. */
export const respond = async (endpoint: Endpoint, db: Db, input: unknown): Promise<string | Mutation | Failure> => {
  const oversized = findOversized(input)
  if (oversized) return validationFailure(endpoint, [oversized])
  const checked = endpoint.input.safeParse(input)
  if (!checked.success) return validationFailure(endpoint, checked.error.issues)
  const result = await endpoint.handle(db, checked.data)
  if (typeof result === 'string' || result instanceof Mutation || result instanceof Failure) return result
  return JSON.stringify(result)
}

/**
 * Runs an endpoint in this process. Resolves to its parsed output (`'Created'` for a 201, undefined for a 204) or a
 * failure.
 */
export const run = async <Of extends Endpoint>(
  endpoint: Of,
  db: Db,
  input: InputOf<Of>,
): Promise<OutputOf<Of> | FailureOf<Of>> => {
  const answer = await respond(endpoint, db, input)
  if (answer instanceof Failure) return answer
  return (answer instanceof Mutation ? answer.answer : JSON.parse(answer)) as OutputOf<Of>
}

/** The cache groups (RFC 9875) of the answer to a valid input; none, if no shared cache may store it. */
export const cacheGroups = ({ cache }: Endpoint, input: unknown): readonly string[] => {
  if (!cache) return []
  if (cache.by === 'shop') return ['shop']
  // `007` and `7` are one id.
  return [cacheGroup(cache.by, Number((input as Readonly<Record<string, unknown>>)[cache.by]))]
}

/** The cache groups that a write invalidates, from the ids in its row or, without one, in its input. */
export const invalidatedGroups = ({ invalidates = [] }: Endpoint, row: unknown): readonly string[] =>
  invalidates === 'all'
    ? ['all']
    : invalidates.map((name) => cacheGroup(name, Number((row as Readonly<Record<string, unknown>>)[name])))

/** The target of the list that shows what a write added, from the ids in its row; undefined if there is none. */
export const targetOfList = ({ shownAt }: Endpoint, row: unknown): string | undefined =>
  shownAt?.replace(/:(\w+)/g, (_, name: string) => String((row as Readonly<Record<string, unknown>>)[name]))

/** True for an endpoint that only holders of the admin token may call. */
export const isForAdmin = ({ access }: Endpoint): boolean => access === 'admin'

/** The endpoints that anyone may call. */
export const withoutAdmin = (endpoints: Readonly<Record<string, Endpoint>>): Readonly<Record<string, Endpoint>> =>
  Object.fromEntries(Object.entries(endpoints).filter(([, endpoint]) => !isForAdmin(endpoint)))

/** The parameters in the path of an endpoint: `['review_id']` for `/reviews/:review_id/helpful`. */
export const pathParameters = (path: string): string[] => Array.from(path.matchAll(/:(\w+)/g), ([, name]) => name ?? '')

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>

const validationFailure = (endpoint: Endpoint, issues: readonly Issue[]): Failure => {
  const listed = issues.slice(0, maxIssues).map(({ path, message }) => ({ field: path.join('.'), reason: message }))
  const inPath = pathParameters(endpoint.path)
  const field = String(
    issues.find(({ path }) => inPath.includes(String(path[0])))?.path[0] ?? issues[0]?.path[0] ?? 'input',
  )
  const status = inPath.includes(field) ? 404 : 422
  const declared = endpoint.failures.find((failure) => failure.status === status)
  return (declared ?? invalidParameter(field)).withIssues(listed)
}
