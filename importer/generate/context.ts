import type { Allocations } from './allocate.ts'
import type { Random } from './random.ts'
import type { CsvWriters } from './csvWriter.ts'

/** The state that the row writers share: the current product's random numbers, the writers and the row counts. */
export type GeneratorContext = {
  readonly random: Random
  readonly writers: CsvWriters
  readonly allocations: Allocations
  readonly products: number
  /** The base address of a demo shop's pictures. */
  readonly pictures: string | undefined
  readonly parents: Readonly<Record<'styles' | 'reviews' | 'questions' | 'answers', number>>
}
