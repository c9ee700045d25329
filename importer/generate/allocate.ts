import { recordCount, type FileName } from './files.ts'
import { mix } from './random.ts'

/** The number of items of a parent. Called once for each parent, in ascending order. */
export type Allocation = (parent: number) => number

/** Allocates exactly `total` items to parents numbered from 1, in proportion to their weights. */
export const allocate = (total: number, parents: number, weight: (parent: number) => number): Allocation => {
  let sum = 0
  for (let parent = 1; parent <= parents; parent++) sum += weight(parent)
  const share = sum > 0 ? total / sum : 0
  let due = 0
  let allocated = 0
  return (parent) => {
    due += weight(parent) * share
    // Rounding errors of the sum must not lose the last item.
    const count = Math.floor(due + 0.001) - allocated
    allocated += count
    return count
  }
}

// A parent's weight for a uniform random number from 0 to 1; only proportions matter.
const shapes = {
  features: (uniform: number) => (uniform < 0.12 ? 0 : 0.4 + 1.6 * uniform),
  styles: (uniform: number) => 0.35 + Math.min(4.5, -0.65 * Math.log(1 - uniform)),
  related: (uniform: number) => (uniform < 0.05 ? 0 : 0.3 + 1.4 * uniform),
  characteristics: (uniform: number) => (uniform < 0.08 ? 1.2 : 3.6),
  skus: (uniform: number) => (uniform < 0.03 ? 0 : 0.75 + 0.5 * uniform),
  photos: (uniform: number) => (uniform < 0.06 ? 0 : 0.3 + 1.5 * uniform),
  answers: (uniform: number) => (uniform < 0.2 ? 0 : Math.min(6, -Math.log(1 - uniform))),
  reviewPhotos: (uniform: number) => Math.max(0, uniform - 0.72),
  answerPhotos: (uniform: number) => Math.max(0, uniform - 0.8),
}

/** The allocation of each file's rows; a few products get a large part of all reviews and questions. */
export type Allocations = ReturnType<typeof createAllocations>

export const createAllocations = (products: number, seed: number) => {
  let streams = 0
  const allocateRows = (parents: number, file: FileName, shape: (uniform: number) => number): Allocation => {
    const stream = mix(seed, ++streams)
    return allocate(recordCount(file, products), parents, (parent) => shape(mix(stream, parent) / 4294967296))
  }
  // A Pareto distribution shifted to start at 0, cut where the largest of so many products is on average.
  const popular = (exponent: number) => (uniform: number) =>
    (uniform + (1 - uniform) / (2 * products)) ** (-1 / exponent) - 1

  const styles = recordCount('styles.csv', products)
  const reviews = recordCount('reviews.csv', products)
  const questions = recordCount('questions.csv', products)
  const answers = recordCount('answers.csv', products)
  return {
    features: allocateRows(products, 'features.csv', shapes.features),
    styles: allocateRows(products, 'styles.csv', shapes.styles),
    related: allocateRows(products, 'related.csv', shapes.related),
    characteristics: allocateRows(products, 'characteristics.csv', shapes.characteristics),
    reviews: allocateRows(products, 'reviews.csv', popular(1.7)),
    questions: allocateRows(products, 'questions.csv', popular(2.2)),
    skus: allocateRows(styles, 'skus.csv', shapes.skus),
    photos: allocateRows(styles, 'photos.csv', shapes.photos),
    reviewPhotos: allocateRows(reviews, 'reviews_photos.csv', shapes.reviewPhotos),
    answers: allocateRows(questions, 'answers.csv', shapes.answers),
    answerPhotos: allocateRows(answers, 'answers_photos.csv', shapes.answerPhotos),
  }
}

/** Allocations for a demo shop: each product and style has at least one row of what its page shows. */
export const fillGaps = (allocations: Allocations): Allocations => {
  const atLeastOne =
    (allocation: Allocation): Allocation =>
    (parent) =>
      Math.max(1, allocation(parent))
  const { features, styles, reviews, skus, photos } = allocations
  return {
    ...allocations,
    features: atLeastOne(features),
    styles: atLeastOne(styles),
    reviews: atLeastOne(reviews),
    skus: atLeastOne(skus),
    photos: atLeastOne(photos),
  }
}
