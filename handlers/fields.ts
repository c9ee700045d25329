import * as z from 'zod'

const digits = z.string().regex(/^[0-9]{1,10}$/)

/** An integer, taken as a number or as up to ten digits: paths and queries hold text. */
export const integer = (minimum: number, maximum: number) =>
  z
    .union([z.number(), digits.transform(Number)], { error: `must be a whole number from ${minimum} to ${maximum}` })
    .pipe(z.int().min(minimum).max(maximum))

/** A boolean, taken as one or as the text `true` or `false`. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
    error: 'must be true or false',
  })
  .pipe(z.boolean())

/** The maximum of PostgreSQL's int. */
export const maxInt = 2_147_483_647

export const id = integer(0, maxInt)

export const page = id
  .default(1)
  .describe('The number of the page, from 1; 0 is read as 1, and pages past the first million rows are empty')

export const count = id.default(5).describe('The number of entries on a page; more than 5000 is read as 5000')

/** The rows of a page, as offset and limit. */
export const pageRows = ({ page, count }: { page: number; count: number }): { skip: number; take: number } => {
  const take = Math.min(count, 5000)
  const skip = (Math.max(page, 1) - 1) * take
  return skip + take > 1_000_000 ? { skip: 0, take: 0 } : { skip, take }
}

const isWellFormed = (value: string): boolean => value.isWellFormed()
const notStorable = 'must not hold NUL or broken Unicode'
// oxlint-disable-next-line no-control-regex -- it is there to refuse NUL, which PostgreSQL cannot store.
const withoutNul = /^[^\u0000]*$/

/** Text that PostgreSQL can store: without NUL and unpaired surrogates. */
export const text = (maximum: number) =>
  z.string().max(maximum).regex(withoutNul, notStorable).refine(isWellFormed, notStorable)

/** Text that must not be empty; its reason is worded as in the replaced service. */
export const requiredText = (label: string, maximum: number) =>
  z
    .string({ error: `${label} text is required` })
    .min(1)
    .max(maximum, `${label} text must have at most ${maximum} characters`)
    .regex(withoutNul, `${label} text ${notStorable}`)
    .refine(isWellFormed, `${label} text ${notStorable}`)

export const name = requiredText('username', 255).describe('The name that the author signs with')

// zod has it too, but beside all its other patterns, and a bundle would hold them.
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const html5Email = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`)

export const email = z
  .email({ pattern: html5Email, error: 'email must be valid' })
  .max(254, 'email must be valid')
  .describe("An address by the rule of HTML's <input type=email>; it is stored and never returned")

const notUrls = 'photos must contain text urls'

// Browsers skip blanks and control characters before a scheme, and tabs and line ends within it.
const hasScriptScheme = (url: string): boolean =>
  /^[\p{C}\p{Z}]*(javascript|vbscript|data(?!:\s*image\/)):/iu.test(url.replaceAll(/[\t\n\r]/g, ''))

// Five of the longest URLs, as the forms of clients take five: each list shows all photos of its rows.
const maxPhotosLength = 5 * 2048

export const photos = z
  .array(
    z
      .string({ error: notUrls })
      .min(1, notUrls)
      .max(2048, notUrls)
      .regex(withoutNul, notUrls)
      .refine((url) => url.isWellFormed() && !hasScriptScheme(url), notUrls),
    { error: notUrls },
  )
  .max(50, 'photos must be at most 50')
  .refine(
    (urls) => urls.reduce((length, url) => length + url.length, 0) <= maxPhotosLength,
    `photos must have at most ${maxPhotosLength} characters together`,
  )
  .default([])
  .describe(
    `URLs, ids or paths of photos, stored as sent, with at most ${maxPhotosLength} characters together; URLs that a ` +
      'browser would run as a script are refused',
  )

/** Context of a request: the campus of the base path, the caller's cart, or a setting of the server. */
export type ContextSource = 'campus' | 'cart' | 'reportsToHide'

/** The mark of a field that the router fills, and no client. */
export type ContextField = { readonly [filledByRouter]: true }
declare const filledByRouter: unique symbol

const sources = new WeakMap<z.core.$ZodType, ContextSource>()

/** The source of a context field; undefined for any other field. */
export const contextSource = (field: z.core.$ZodType): ContextSource | undefined => sources.get(field)

/** Declares a field that the router fills from the context of a request; no client can set it. */
export const contextField = <Field extends z.ZodType>(source: ContextSource, field: Field): Field & ContextField => {
  sources.set(field, source)
  return field as Field & ContextField
}

/** The campus of the old base path, which products echo. */
export const campus = contextField(
  'campus',
  z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .default('hr-rfp'),
)

/** The SHA-256, in hex, of the token or cookie that names the caller's cart. */
export const cart = contextField('cart', z.string().regex(/^[0-9a-f]{64}$/))

/** The number of reports that takes a row out of the lists. */
export const reportsToHide = contextField('reportsToHide', z.int().min(1).default(1))

/** The text of a 201; clients compare it exactly. */
export const Created = z.literal('Created')

/** The output of a 204. */
export const NoContent = z.undefined()
