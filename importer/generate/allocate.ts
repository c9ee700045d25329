import { recordsOf, type FileName } from './files.ts'
import { mix } from './random.ts'

/** Says how many items a parent gets. It is asked once for each, in the order of their numbers. */
export type Deal = (parent: number) => number

/** Deals `total` items to parents numbered from 1, in proportion to their weights and to the last item. */
export const deal = (total: number, parents: number, weight: (parent: number) => number): Deal => {
  let sum = 0
  for (let parent = 1; parent <= parents; parent++) sum += weight(parent)
  const share = sum > 0 ? total / sum : 0
  let due = 0
  let dealt = 0
  return (parent) => {
    due += weight(parent) * share
    // The sums are rounded, and what they lack must not cost the last item.
    const count = Math.floor(due + 0.001) - dealt
    dealt += count
    return count
  }
}

// How much a parent gets as its luck goes evenly from 0 to 1; only the proportions matter.
const shapes = {
  features: (luck: number) => (luck < 0.12 ? 0 : 0.4 + 1.6 * luck),
  styles: (luck: number) => 0.35 + Math.min(4.5, -0.65 * Math.log(1 - luck)),
  related: (luck: number) => (luck < 0.05 ? 0 : 0.3 + 1.4 * luck),
  characteristics: (luck: number) => (luck < 0.08 ? 1.2 : 3.6),
  skus: (luck: number) => (luck < 0.03 ? 0 : 0.75 + 0.5 * luck),
  photos: (luck: number) => (luck < 0.06 ? 0 : 0.3 + 1.5 * luck),
  answers: (luck: number) => (luck < 0.2 ? 0 : Math.min(6, -Math.log(1 - luck))),
  reviewPhotos: (luck: number) => Math.max(0, luck - 0.72),
  answerPhotos: (luck: number) => Math.max(0, luck - 0.8),
}

/** For each kind of row, how many a parent of it gets; a few products get a large part of all reviews and questions. */
export type Deals = ReturnType<typeof createDeals>

/** The deals of a data set of this many products. */
export const createDeals = (products: number, seed: number) => {
  let streams = 0
  const between = (parents: number, file: FileName, shape: (luck: number) => number): Deal => {
    const stream = mix(seed, ++streams)
    return deal(recordsOf(file, products), parents, (parent) => shape(mix(stream, parent) / 4294967296))
  }
  // A Pareto law that begins at nothing. Its end is cut where the first of so many products would be on average.
  const popular = (exponent: number) => (luck: number) => (luck + (1 - luck) / (2 * products)) ** (-1 / exponent) - 1

  const styles = recordsOf('styles.csv', products)
  const reviews = recordsOf('reviews.csv', products)
  const questions = recordsOf('questions.csv', products)
  const answers = recordsOf('answers.csv', products)
  return {
    features: between(products, 'features.csv', shapes.features),
    styles: between(products, 'styles.csv', shapes.styles),
    related: between(products, 'related.csv', shapes.related),
    characteristics: between(products, 'characteristics.csv', shapes.characteristics),
    reviews: between(products, 'reviews.csv', popular(1.7)),
    questions: between(products, 'questions.csv', popular(2.2)),
    skus: between(styles, 'skus.csv', shapes.skus),
    photos: between(styles, 'photos.csv', shapes.photos),
    reviewPhotos: between(reviews, 'reviews_photos.csv', shapes.reviewPhotos),
    answers: between(questions, 'answers.csv', shapes.answers),
    answerPhotos: between(answers, 'answers_photos.csv', shapes.answerPhotos),
  }
}

/** The same for a shop to look at: no product lacks what a page of it shows. */
export const fillGaps = (deals: Deals): Deals => {
  const least =
    (deal: Deal): Deal =>
    (parent) =>
      Math.max(1, deal(parent))
  const { features, styles, reviews, skus, photos } = deals
  return {
    ...deals,
    features: least(features),
    styles: least(styles),
    reviews: least(reviews),
    skus: least(skus),
    photos: least(photos),
  }
}
