import { z } from 'zod'

const int32 = z.int().min(0).max(2_147_483_647)

/** A whole number from 0 to 2^31-1: as a number, or as digits the way paths, queries and some bodies carry it. */
export const id = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^[0-9]{1,10}$/)
        .transform(Number),
    ],
    {
      error: 'must be a whole number from 0 to 2147483647',
    },
  )
  .pipe(int32)

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

/** An address on the web, http or https. */
export const photoUrl = z
  .url({ protocol: /^https?$/i, error: 'must be an http or https URL' })
  .max(2048)
  .refine(storable, notStorable)

/** The campus of the old base path, which products echo. Its caller gives it, not a client's query. */
export const campus = z
  .string()
  .regex(/^[\w-]{1,40}$/)
  .default('hr-rfp')

/** What names the caller's cart: the SHA-256, in hex, of the token or cookie. Its caller gives it, not a client's body. */
export const cart = z.string().regex(/^[0-9a-f]{64}$/)

/** Input that comes from whoever calls the handler, and that a client cannot set. */
export const given: readonly string[] = ['campus', 'cart']

/** The text of a 201: clients compare it to the letter. */
export const Created = z.literal('Created')
export const created = 'Created' as const

/** The answer of a 204. */
export const Nothing = z.undefined()
