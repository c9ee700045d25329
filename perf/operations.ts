import type * as z from 'zod'
import { UserError } from '../db/commandLine.ts'
import { withoutAdmin } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { locateFields, takesBody } from '../router/input/inputFields.ts'

export type OperationId = keyof typeof endpoints

/** The kind of ids that a parameter takes; an operation varies the first of these that its endpoint has. */
const kinds = {
  product_id: 'products',
  review_id: 'reviews',
  question_id: 'questions',
  answer_id: 'answers',
  sku_id: 'skus',
  page: 'pages',
} as const

/** Ids of rows of a shop, and numbers of the pages of its products. */
export type SampleIds = Readonly<Record<(typeof kinds)[keyof typeof kinds], readonly number[]>>

/** A way to call an endpoint: `:n` in the path and the body stands for any id of the kind. */
export type LoadOperation = {
  /** The operation's id, and what tells several ways to call it apart: `listReviews newest`. */
  readonly name: string
  readonly id: OperationId
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly kind?: keyof SampleIds
}

/** One request of a load. */
export type Request = { readonly method: string; readonly path: string; readonly body?: string }

// Inputs instead of an endpoint's example, for those that clients of the shop request otherwise.
const inputs: { readonly [Id in OperationId]?: readonly Partial<z.input<(typeof endpoints)[Id]['input']>>[] } = {
  listProducts: [{}],
  listReviews: [{ sort: 'newest' }, { sort: 'helpful' }, { sort: 'relevant' }],
  listAnswers: [{}],
}

/** The writes that are measured unless others are picked: what adds rows or hides them would change the shop. */
const mainWrites: ReadonlySet<OperationId> = new Set([
  'markReviewHelpful',
  'markQuestionHelpful',
  'markAnswerHelpful',
  'addToCart',
])

const toOperation = (id: OperationId, input: Readonly<Record<string, unknown>>): LoadOperation => {
  const endpoint = endpoints[id]
  const parameters = Object.keys(kinds) as (keyof typeof kinds)[]
  const parameter = parameters.find((name) => Object.hasOwn(endpoint.input.shape, name))
  const varied = parameter && { [parameter]: ':n' }
  const values: Readonly<Record<string, unknown>> = { ...varied, ...input, ...varied }
  const { payloadFields } = locateFields(endpoint)
  const rest = Object.entries(values).filter(([name]) => payloadFields.includes(name))
  const query = rest.map(([name, value]) => `${name}=${value === ':n' ? value : encodeURIComponent(String(value))}`)
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => String(values[name]))
  const hasBody = takesBody(endpoint)
  return {
    name: inputs[id] ? [id, ...Object.values(input)].join(' ') : id,
    id,
    method: endpoint.method.toUpperCase(),
    path: hasBody || query.length === 0 ? path : `${path}?${query.join('&')}`,
    ...(hasBody && { body: JSON.stringify(Object.fromEntries(rest)).replace('":n"', ':n') }),
    ...(parameter && { kind: kinds[parameter] }),
  }
}

/** Every operation that anyone may call. */
export const operations: readonly LoadOperation[] = (Object.keys(withoutAdmin(endpoints)) as OperationId[]).flatMap(
  (id) => (inputs[id] ?? [endpoints[id].example]).map((input) => toOperation(id, input)),
)

export const isRead = ({ method }: { readonly method: string }): boolean => method === 'GET'

/** The operations whose names hold one of several texts with commas; without any, the reads and main writes. */
export const pickOperations = (pick: string): LoadOperation[] => {
  if (!pick) return operations.filter((operation) => isRead(operation) || mainWrites.has(operation.id))
  const picked = operations.filter(({ name }) => pick.split(',').some((text) => name.includes(text)))
  if (picked.length > 0) return picked
  throw new UserError(`--pick ${pick} leaves nothing of ${operations.map(({ name }) => name).join(', ')}.`)
}

/** The request for the row with an id. */
export const toRequest = ({ method, path, body }: LoadOperation, id: number): Request => ({
  method,
  path: path.replace(':n', String(id)),
  ...(body !== undefined && { body: body.replace(':n', String(id)) }),
})

/** A request for each id of the kind that an operation takes. */
export const buildRequests = (operation: LoadOperation, ids: SampleIds): Request[] =>
  (operation.kind ? ids[operation.kind] : [1]).map((id) => toRequest(operation, id))
