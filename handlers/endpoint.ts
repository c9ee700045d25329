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

/** What a handler gives for a value that goes to the caller: a write says whose answers it changed, too. */
type Given<Value> = [Value] extends ['Created' | undefined] ? Mutation<Value> : Value | Json<Value>

/** What an endpoint takes, what it gives, how it can fail, and a function of a database and an input. */
export type Endpoint<
  Path extends string = string,
  Shape extends z.ZodRawShape = z.ZodRawShape,
  Output extends z.ZodType = z.ZodType,
  Refusal extends Failure = Failure,
  Method extends 'get' | 'post' | 'put' | 'patch' | 'delete' = 'get' | 'post' | 'put' | 'patch' | 'delete',
  Status extends 200 | 201 | 204 = 200 | 201 | 204,
> = {
  readonly method: Method
  readonly path: Path
  readonly summary: string
  readonly status: Status
  /** One flat object: the parameters of the path, and those of the query (GET, DELETE) or the body. */
  readonly input: z.ZodObject<Shape>
  readonly output: Output
  /** The 404 is also answered to a path id that is none, the 422 to a body that breaks the input's rules. */
  readonly failures: readonly Refusal[]
  readonly example: z.input<z.ZodObject<Shape>>
  /** A shared cache may keep the answer until a write invalidates the id that this field holds (`shop`: no write does). */
  readonly cache?: { readonly by: (keyof Shape & CacheId) | 'shop' }
  /** The ids of its row whose kept answers a write makes wrong; none, if it is left out. */
  readonly invalidates?: readonly CacheId[]
  handle(db: Db, input: z.output<z.ZodObject<Shape>>): Promise<Given<z.output<Output>> | NoInfer<Refusal>>
}

/** Checks, at compile time, that the parts of an endpoint fit one another. */
export const endpoint = <
  const Path extends string,
  Shape extends z.ZodRawShape & Record<PathParameters<Path>, z.ZodType>,
  Output extends z.ZodType,
  Method extends Endpoint['method'],
  Status extends Endpoint['status'],
  Refusal extends Failure = never,
>(
  definition: Endpoint<Path, Shape, Output, Refusal, Method, Status>,
): Endpoint<Path, Shape, Output, Refusal, Method, Status> => definition

/** What a caller in this process gives an endpoint; a client gives no field that the router does. */
export type InputOf<Of extends Endpoint> = z.input<Of['input']>

/** What an endpoint gives where it does not fail. */
export type OutputOf<Of extends Endpoint> = z.output<Of['output']>

/** How an endpoint can fail: as it declares or, where it declares nothing for what breaks its rules, by `invalid_parameter`. */
export type FailureOf<Of extends Endpoint> =
  | Of['failures'][number]
  | Undeclared<Of, 404, PathParameters<Of['path']>>
  | Undeclared<Of, 422, Exclude<keyof Of['input']['shape'], PathParameters<Of['path']>>>

type Undeclared<Of extends Endpoint, Status, Names> = [Names] extends [never]
  ? never
  : Status extends Of['failures'][number]['status']
    ? never
    : ReturnType<typeof invalidParameter>

/** Answers an unchecked input as it goes to the wire: JSON text for a 200, or the mutation that a write was. */
export const respond = async (endpoint: Endpoint, db: Db, input: unknown): Promise<string | Mutation | Failure> => {
  const oversized = findOversized(input)
  if (oversized) return refusal(endpoint, [oversized])
  const checked = endpoint.input.safeParse(input)
  if (!checked.success) return refusal(endpoint, checked.error.issues)
  const answer = await endpoint.handle(db, checked.data)
  if (typeof answer === 'string' || answer instanceof Mutation || answer instanceof Failure) return answer
  return JSON.stringify(answer)
}

/** Answers an input with a value: the JSON read, `'Created'` for a 201, nothing for a 204, or a failure. */
export const run = async <Of extends Endpoint>(
  endpoint: Of,
  db: Db,
  input: InputOf<Of>,
): Promise<OutputOf<Of> | FailureOf<Of>> => {
  const answer = await respond(endpoint, db, input)
  if (answer instanceof Failure) return answer
  return (answer instanceof Mutation ? answer.answer : JSON.parse(answer)) as OutputOf<Of>
}

/** The cache groups (RFC 9875) of the answer to an input that was answered; none, if no shared cache may keep it. */
export const cacheGroups = ({ cache }: Endpoint, input: unknown): readonly string[] => {
  if (!cache) return []
  if (cache.by === 'shop') return ['shop']
  // As many digits as a client likes mean one id.
  return [cacheGroup(cache.by, Number((input as Readonly<Record<string, unknown>>)[cache.by]))]
}

/** The cache groups that a write has invalidated, by the row that it gave, or else by its input. */
export const invalidatedGroups = ({ invalidates = [] }: Endpoint, row: unknown): readonly string[] =>
  invalidates.map((name) => cacheGroup(name, Number((row as Readonly<Record<string, unknown>>)[name])))

/** The parameters in the path of an endpoint: `['review_id']` for `/reviews/:review_id/helpful`. */
export const pathParameters = (path: string): string[] => Array.from(path.matchAll(/:(\w+)/g), ([, name]) => name ?? '')

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>

const refusal = (endpoint: Endpoint, issues: readonly Issue[]): Failure => {
  const listed = issues.slice(0, maxIssues).map(({ path, message }) => ({ field: path.join('.'), reason: message }))
  const inPath = pathParameters(endpoint.path)
  const field = String(
    issues.find(({ path }) => inPath.includes(String(path[0])))?.path[0] ?? issues[0]?.path[0] ?? 'input',
  )
  const status = inPath.includes(field) ? 404 : 422
  const declared = endpoint.failures.find((failure) => failure.status === status)
  return (declared ?? invalidParameter(field)).withIssues(listed)
}
