import type * as z from 'zod'
import { type Endpoint, withoutAdmin } from '../../handlers/endpoint.ts'
import { type Failure, serverFailures } from '../../handlers/failure.ts'
import { cacheGroup } from '../../handlers/mutation.ts'
import { problemDetails } from '../../router/response.ts'
import { locateFields, takesCart } from '../../router/input/inputFields.ts'
import { basePaths, sortEndpoints } from '../../router/routes.ts'
import { toLua } from './toLua.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

/** A query parameter: its texts that mean the same, and its default. */
type Parameter = {
  readonly name: string
  readonly kind: 'integer' | 'enum' | 'text'
  readonly values?: Readonly<Record<string, true>>
  /** The value that any other text stands for. Without it, a request with another text bypasses the cache. */
  readonly otherwise?: string
  /** The default; `''` if the parameter is optional and has none. Without it, a request has to have the parameter. */
  readonly missing?: string
}

/**
 * The Lua module `api`: the public endpoints whose responses the balancer may cache, their keys, and its error
 * responses.
 */
export const buildApiModule = (endpoints: Endpoints): string => {
  const all = sortEndpoints(withoutAdmin(endpoints))
  return `-- Written by ops/nginx/api.cli.ts from handlers/index.ts.\nreturn ${toLua({
    bases: basePaths.toSorted((one, other) => other.length - one.length).map(toBasePattern),
    reads: all.flatMap(describeRead),
    private: all.filter(isPrivateWrite).map(({ path }) => toPattern(path, '[^/]+')),
    methods: [...new Set(['GET', 'HEAD', 'OPTIONS', ...all.map(({ method }) => method.toUpperCase())])].join(', '),
    failures: Object.fromEntries(
      Object.values(serverFailures).map((failure) => [failure.status, describeFailure(failure)]),
    ),
  })}\n`
}

/** True for a write that changes only what its own client sees. */
const isPrivateWrite = ({ method, invalidates = [] }: Endpoint): boolean => method !== 'get' && invalidates.length === 0

const magic = /[-^$()%.[\]*+?]/g
const toPattern = (path: string, parameter: string): string =>
  `^${path.replace(magic, '%$&').replace(/:\w+/g, parameter)}$`
const toBasePattern = (base: string): string => `^${base.replace(magic, '%$&').replace(/:\w+/g, '([%w_-]+)')}/`

const describeRead = (endpoint: Endpoint): object[] => {
  const { method, path, input, cache } = endpoint
  const shape = input.shape as Readonly<Record<string, z.ZodType>>
  const { pathFields, payloadFields, contextFields } = locateFields(endpoint)
  // A cart belongs to its client, and a text in a path can be written in several ways.
  if (method !== 'get' || !cache || takesCart(endpoint) || !pathFields.every((name) => isInteger(shape[name]!)))
    return []
  const campus = contextFields.find(({ source }) => source === 'campus')
  const isOfShop = cache.by === 'shop'
  return [
    {
      pattern: toPattern(path, '(%d+)'),
      format: path.replaceAll('%', '%%').replace(/:\w+/g, '%s'),
      in_path: pathFields,
      parameters: payloadFields.map((name) => describeParameter(name, shape[name]!)),
      group: isOfShop ? 'shop' : cacheGroup(cache.by, ''),
      ...(isOfShop ? {} : { by: cache.by }),
      ...(campus && { campus: String(shape[campus.name]!.parse(undefined)) }),
    },
  ]
}

/** True for a schema that reads digits as a number, so that leading zeros make no difference. */
const isInteger = (schema: z.ZodType): boolean =>
  ['7', '07', '0000000007'].every((text) => schema.safeParse(text).data === 7) && !schema.safeParse('x').success

const describeParameter = (name: string, schema: z.ZodType): Parameter => {
  const absent = schema.safeParse(undefined)
  const data = absent.data as string | number | undefined
  const missing = absent.success ? { missing: `${data ?? ''}` } : {}
  if (isInteger(schema)) return { name, kind: 'integer', ...missing }
  const options = readOptions(schema)
  // Answers echo a text as it was sent, so a missing one differs from its default.
  if (!options) return { name, kind: 'text', ...(absent.success ? { missing: '' } : {}) }
  const other = schema.safeParse('\0')
  const values = Object.fromEntries(options.map((option) => [option, true as const]))
  return { name, kind: 'enum', values, ...(other.success ? { otherwise: String(other.data) } : {}), ...missing }
}

type Definition = { readonly type: string; readonly innerType?: z.ZodType; readonly entries?: Record<string, string> }

/** The texts of an enum, also inside a default, a catch or an optional; undefined for other schemas. */
const readOptions = (schema: z.ZodType): string[] | undefined => {
  const { type, innerType, entries } = schema.def as Definition
  if (type === 'enum') return Object.values(entries ?? {})
  return innerType && ['default', 'catch', 'optional', 'prefault'].includes(type) ? readOptions(innerType) : undefined
}

/** Both forms of a failure. The problem lacks its last brace: NGINX adds the path. */
const describeFailure = (failure: Failure): object => ({
  text: failure.text,
  problem: JSON.stringify(problemDetails(failure)).slice(0, -1),
})
