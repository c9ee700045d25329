import type * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import type { Failure } from '../../handlers/failure.ts'
import { cacheGroup } from '../../handlers/mutation.ts'
import { problemOf } from '../../router/response.ts'
import * as failures from '../../router/failures.ts'
import { placesOf, takesCart } from '../../router/places.ts'
import { bases, inOrder } from '../../router/routes.ts'
import { luaOf } from './lua.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

/** A query parameter as the balancer knows it: which of its texts mean one thing, and what a missing one means. */
type Parameter = {
  readonly name: string
  readonly kind: 'integer' | 'enum' | 'text'
  readonly values?: Readonly<Record<string, true>>
  /** What any other text means; without it, that is for a node to answer. */
  readonly otherwise?: string
  /** `''`: it may be missing, and means what no text does. */
  readonly missing?: string
}

/** What the balancer knows of the API, as the Lua module `api`: which answers it may keep, by what, and how it refuses. */
export const apiOf = (endpoints: Endpoints): string => {
  const all = inOrder(endpoints)
  return `-- Made by ops/nginx/api.cli.ts of what handlers/index.ts says.\nreturn ${luaOf({
    bases: bases.toSorted((one, other) => other.length - one.length).map(baseOf),
    reads: all.flatMap(readOf),
    private: all.filter(isPrivate).map(({ path }) => patternOf(path, '[^/]+')),
    methods: [...new Set(['GET', 'HEAD', 'OPTIONS', ...all.map(({ method }) => method.toUpperCase())])].join(', '),
    refusals: Object.fromEntries(refusals.map((failure) => [failure.status, refusalOf(failure)])),
  })}\n`
}

/** Nobody else sees what such a write changes. */
const isPrivate = ({ method, invalidates = [] }: Endpoint): boolean => method !== 'get' && invalidates.length === 0

const magic = /[-^$()%.[\]*+?]/g
const patternOf = (path: string, parameter: string): string =>
  `^${path.replace(magic, '%$&').replace(/:\w+/g, parameter)}$`
const baseOf = (base: string): string => `^${base.replace(magic, '%$&').replace(/:\w+/g, '([%w_-]+)')}/`

const readOf = (endpoint: Endpoint): object[] => {
  const { method, path, input, cache } = endpoint
  const shape = input.shape as Readonly<Record<string, z.ZodType>>
  const { inPath, asked, given } = placesOf(endpoint)
  // A cart is the caller's own, and what else a path holds than a number may be written in many ways.
  if (method !== 'get' || !cache || takesCart(endpoint) || !inPath.every((name) => isInteger(shape[name]!))) return []
  const campus = given.find(({ source }) => source === 'campus')
  const isOfShop = cache.by === 'shop'
  return [
    {
      pattern: patternOf(path, '(%d+)'),
      format: path.replaceAll('%', '%%').replace(/:\w+/g, '%s'),
      in_path: inPath,
      parameters: asked.map((name) => parameterOf(name, shape[name]!)),
      group: isOfShop ? 'shop' : cacheGroup(cache.by, ''),
      ...(isOfShop ? {} : { by: cache.by }),
      ...(campus && { campus: String(shape[campus.name]!.parse(undefined)) }),
    },
  ]
}

/** Whether digits are read as a number, so that leading zeros mean nothing. */
const isInteger = (schema: z.ZodType): boolean =>
  ['7', '07', '0000000007'].every((text) => schema.safeParse(text).data === 7) && !schema.safeParse('x').success

const parameterOf = (name: string, schema: z.ZodType): Parameter => {
  const absent = schema.safeParse(undefined)
  const data = absent.data as string | number | undefined
  const missing = absent.success ? { missing: `${data ?? ''}` } : {}
  if (isInteger(schema)) return { name, kind: 'integer', ...missing }
  const options = optionsOf(schema)
  // A text is echoed as it was sent, so one that is missing is another than its default.
  if (!options) return { name, kind: 'text', ...(absent.success ? { missing: '' } : {}) }
  const other = schema.safeParse('\0')
  const values = Object.fromEntries(options.map((option) => [option, true as const]))
  return { name, kind: 'enum', values, ...(other.success ? { otherwise: String(other.data) } : {}), ...missing }
}

type Definition = { readonly type: string; readonly innerType?: z.ZodType; readonly entries?: Record<string, string> }

/** The texts that an enum takes, in whatever says what a missing or another one means. */
const optionsOf = (schema: z.ZodType): string[] | undefined => {
  const { type, innerType, entries } = schema.def as Definition
  if (type === 'enum') return Object.values(entries ?? {})
  return innerType && ['default', 'catch', 'optional', 'prefault'].includes(type) ? optionsOf(innerType) : undefined
}

const refusals: readonly Failure[] = [
  failures.malformedRequest,
  failures.unknownRoute,
  failures.methodNotAllowed,
  failures.requestTimeout,
  failures.bodyTooLarge,
  failures.targetTooLong,
  failures.expectationFailed,
  failures.tooManyRequests,
  failures.headersTooLarge,
  failures.serverFault,
  failures.outcomeUnknown,
  failures.unavailable,
]

/** Both forms of a failure; the problem lacks its end, before which NGINX puts the path. */
const refusalOf = (failure: Failure): object => ({
  text: failure.text,
  problem: JSON.stringify(problemOf(failure)).slice(0, -1),
})
