import { SharedArray } from 'k6/data'
import type { Ids } from '../ids.ts'

// A shared array is read once for all virtual users, and a user reads of it what it asks for.
const of = (kind: keyof Ids) =>
  new SharedArray<number>(kind, () => (JSON.parse(open(__ENV.IDS as string)) as Ids)[kind])

const ids = {
  products: of('products'),
  reviews: of('reviews'),
  questions: of('questions'),
  answers: of('answers'),
  skus: of('skus'),
}

/** A whole number from 0 that is less than a limit. */
export const below = (limit: number): number => Math.floor(Math.random() * limit)

/** The id of something that there is, any as likely as any other. */
export const any = (kind: keyof Ids): number => ids[kind][below(ids[kind].length)] as number
