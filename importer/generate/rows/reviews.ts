import { pickPhoto } from '../words/addresses.ts'
import { parentId, unorderedId } from '../defects.ts'
import { email, moment, nickname } from '../words/people.ts'
import { reviewWords, type Sentiment } from '../words/reviews.ts'
import type { GeneratorContext } from '../context.ts'
import type { Random } from '../random.ts'
import type { Noun } from '../words/noun.ts'

const toSentiment = (rating: number): Sentiment => (rating > 3 ? 'positive' : rating === 3 ? 'neutral' : 'negative')

const recommends: Readonly<Record<Sentiment, number>> = { positive: 0.95, neutral: 0.55, negative: 0.08 }

// The better of two draws, less often the worse: most products are rated well.
const drawRating = ({ below, chance }: Random, popularity: number): number =>
  1 + (chance(popularity) ? Math.max(below(5), below(5)) : Math.min(below(5), below(5)))

/** Writes the characteristics of a product and its reviews; every review rates every characteristic. */
export const writeReviews = (context: GeneratorContext, product: number, noun: Noun): void => {
  const { random, writers, allocations, products, parents } = context
  const { below, chance } = random
  const characteristics = writers['characteristics.csv']
  const first = characteristics.rows() + 1
  for (const name of noun.category.characteristics.slice(-allocations.characteristics(product))) {
    const id = characteristics.rows() + 1
    characteristics.add(`${id},${parentId(id, product, products)},"${name}"`)
  }

  const reviews = writers['reviews.csv']
  const ratings = writers['characteristic_reviews.csv']
  const popularity = 0.5 + 0.5 * random.next()
  for (let left = allocations.reviews(product); left > 0; left--) {
    const id = reviews.rows() + 1
    const rating = drawRating(random, popularity)
    const sentiment = toSentiment(rating)
    const { summary, body, response } = reviewWords(random, noun, sentiment)
    reviews.add(
      `${id},${parentId(id, product, products)},${rating},${moment(random)},"${summary}","${body}",` +
        `${chance(recommends[sentiment])},${chance(0.03)},"${nickname(random)}","${email(random)}",${response},${below(1 + below(60))}`,
    )
    for (let characteristic = first; characteristic <= characteristics.rows(); characteristic++) {
      const row = ratings.rows() + 1
      ratings.add(`${row},${characteristic},${parentId(row, id, parents.reviews)},${drawRating(random, popularity)}`)
    }
    writePhotos(context, id, noun)
  }
}

const writePhotos = (context: GeneratorContext, review: number, noun: Noun): void => {
  const { writers, allocations, parents } = context
  const photos = writers['reviews_photos.csv']
  for (let left = allocations.reviewPhotos(review); left > 0; left--) {
    const row = photos.rows() + 1
    const { url } = pickPhoto(context, noun)
    photos.add(`${unorderedId(row)},${parentId(row, review, parents.reviews)},"${url}"`)
  }
}
