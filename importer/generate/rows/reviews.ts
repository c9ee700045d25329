import { photoOf } from '../words/addresses.ts'
import { parentOf, unorderedId } from '../defects.ts'
import { email, moment, nickname } from '../words/people.ts'
import { reviewWords, type Mood } from '../words/reviews.ts'
import type { Generation } from '../context.ts'
import type { Random } from '../random.ts'
import type { Thing } from '../words/noun.ts'

const moodOf = (rating: number): Mood => (rating > 3 ? 'glad' : rating === 3 ? 'unsure' : 'cross')

const recommends: Readonly<Record<Mood, number>> = { glad: 0.95, unsure: 0.55, cross: 0.08 }

// The better of two throws, or sometimes the worse: most products are liked.
const between1And5 = ({ below, chance }: Random, liked: number): number =>
  1 + (chance(liked) ? Math.max(below(5), below(5)) : Math.min(below(5), below(5)))

/** Writes the characteristics of a product and its reviews; every review rates every characteristic. */
export const writeReviews = (generation: Generation, product: number, thing: Thing): void => {
  const { random, sheets, deals, products, parents } = generation
  const { below, chance } = random
  const characteristics = sheets['characteristics.csv']
  const first = characteristics.rows() + 1
  for (const name of thing.kind.characteristics.slice(-deals.characteristics(product))) {
    const id = characteristics.rows() + 1
    characteristics.add(`${id},${parentOf(id, product, products)},"${name}"`)
  }

  const reviews = sheets['reviews.csv']
  const ratings = sheets['characteristic_reviews.csv']
  const liked = 0.5 + 0.5 * random.next()
  for (let left = deals.reviews(product); left > 0; left--) {
    const id = reviews.rows() + 1
    const rating = between1And5(random, liked)
    const mood = moodOf(rating)
    const { summary, body, response } = reviewWords(random, thing, mood)
    reviews.add(
      `${id},${parentOf(id, product, products)},${rating},${moment(random)},"${summary}","${body}",` +
        `${chance(recommends[mood])},${chance(0.03)},"${nickname(random)}","${email(random)}",${response},${below(1 + below(60))}`,
    )
    for (let characteristic = first; characteristic <= characteristics.rows(); characteristic++) {
      const row = ratings.rows() + 1
      ratings.add(`${row},${characteristic},${parentOf(row, id, parents.reviews)},${between1And5(random, liked)}`)
    }
    writePhotos(generation, id, thing)
  }
}

const writePhotos = (generation: Generation, review: number, thing: Thing): void => {
  const { sheets, deals, parents } = generation
  const photos = sheets['reviews_photos.csv']
  for (let left = deals.reviewPhotos(review); left > 0; left--) {
    const row = photos.rows() + 1
    const { url } = photoOf(generation, thing)
    photos.add(`${unorderedId(row)},${parentOf(row, review, parents.reviews)},"${url}"`)
  }
}
