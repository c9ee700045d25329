import type { Deals } from './allocate.ts'
import type { Random } from './random.ts'
import type { Sheets } from './csvWriter.ts'

/** What those who write rows share: the random numbers of the product at hand, and how many rows there are to be. */
export type Generation = {
  readonly random: Random
  readonly sheets: Sheets
  readonly deals: Deals
  readonly products: number
  /** Where the pictures of the demo shop are, if it is one. */
  readonly pictures: string | undefined
  readonly parents: Readonly<Record<'styles' | 'reviews' | 'questions' | 'answers', number>>
}
