import * as z from 'zod'

const digits = z.string().regex(/^[0-9]{1,10}$/)

/** A whole number, as a number or as digits, the way paths, queries and some bodies carry it. */
export const whole = (minimum: number, maximum: number) =>
  z
    .union([z.number(), digits.transform(Number)], { error: `must be a whole number from ${minimum} to ${maximum}` })
    .pipe(z.int().min(minimum).max(maximum))

/** True or false, as a boolean or as a text. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
    error: 'must be true or false',
  })
  .pipe(z.boolean())

/** What PostgreSQL's int holds, from 0. */
export const largest = 2_147_483_647

export const id = whole(0, largest)

/** Which page, from 1; 0 is 1 too. */
export const page = id.default(1)

/** How many on a page; more than 5000 is answered as 5000. */
export const count = id.default(5)

/** The rows that a page stands for. Nothing lies beyond the first million: such a page is empty. */
export const rowsOf = ({ page, count }: { page: number; count: number }): { skip: number; take: number } => {
  const take = Math.min(count, 5000)
  const skip = (Math.max(page, 1) - 1) * take
  return skip + take > 1_000_000 ? { skip: 0, take: 0 } : { skip, take }
}

const storable = (value: string): boolean => value.isWellFormed() && !value.includes('\0')
const notStorable = 'must not hold NUL or broken Unicode'

/** Text that PostgreSQL can store: no NUL, no half of a surrogate pair. */
export const text = (maximum: number) => z.string().max(maximum).refine(storable, notStorable)

/** Text that must be there; the reason for refusing it is the replaced service's. */
export const requiredText = (label: string, maximum: number) =>
  z
    .string({ error: `${label} text is required` })
    .min(1, `${label} text is required`)
    .max(maximum, `${label} text must have at most ${maximum} characters`)
    .refine(storable, `${label} text ${notStorable}`)

/** Who writes a review, a question or an answer. */
export const name = requiredText('username', 255)

/** An address that a browser takes for one. Stored and never returned. */
export const email = z
  .email({ pattern: z.regexes.html5Email, error: 'email must be valid' })
  .max(254, 'email must be valid')

const noUrls = 'photos must contain text urls'

// A browser passes over blanks and control characters before a scheme, and over tabs and line ends within it.
const hasScriptScheme = (url: string): boolean =>
  /^[\p{C}\p{Z}]*(javascript|vbscript|data(?!:\s*image\/)):/iu.test(url.replaceAll(/[\t\n\r]/g, ''))

// Five of the longest, and the pages of clients take five: what is stored is shown with each list that it is in.
const maxPhotosLength = 5 * 2048

/** Texts that name photos, kept to the letter: clients send ids and paths too. Only what a browser would run is refused. */
export const photos = z
  .array(
    z
      .string({ error: noUrls })
      .min(1, noUrls)
      .max(2048, noUrls)
      .refine((url) => storable(url) && !hasScriptScheme(url), noUrls),
    { error: noUrls },
  )
  .max(50, 'photos must be at most 50')
  .refine(
    (urls) => urls.reduce((length, url) => length + url.length, 0) <= maxPhotosLength,
    `photos must have at most ${maxPhotosLength} characters together`,
  )
  .default([])

/** What the router knows of a request besides what its client sends: the campus of the base path, the caller's cart. */
export type Source = 'campus' | 'cart'

/** A field that the router fills, and no client. */
export type Given = { readonly [givenByRouter]: true }
declare const givenByRouter: unique symbol

const sources = new WeakMap<z.core.$ZodType, Source>()

/** The source of a field that the router fills. */
export const sourceOf = (field: z.core.$ZodType | undefined): Source | undefined => field && sources.get(field)

/** Declares that the router fills a field, whatever its name, and that no client can. */
export const given = <Field extends z.ZodType>(source: Source, field: Field): Field & Given => {
  sources.set(field, source)
  return field as Field & Given
}

/** The campus of the old base path, which products echo. */
export const campus = given(
  'campus',
  z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .default('hr-rfp'),
)

/** The SHA-256, in hex, of what names the caller's cart. */
export const cart = given('cart', z.string().regex(/^[0-9a-f]{64}$/))

/** The text of a 201, which clients compare to the letter. */
export const Created = z.literal('Created')

/** The answer of a 204. */
export const Nothing = z.undefined()
