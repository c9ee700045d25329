import { photoOf } from '../words/addresses.ts'
import { parentOf, unorderedId } from '../defects.ts'
import { email, moment, nickname } from '../words/people.ts'
import { afterwords, topics, type Topic } from '../words/questions.ts'
import type { Generation } from '../context.ts'
import type { Thing } from '../words/noun.ts'

/** Writes the questions of a product with their answers. */
export const writeQuestions = (generation: Generation, product: number, thing: Thing): void => {
  const { random, sheets, deals, products } = generation
  const questions = sheets['questions.csv']
  for (let left = deals.questions(product); left > 0; left--) {
    const id = questions.rows() + 1
    const topic = random.pick(topics)
    const body = random.pick(topic.questions)(thing)
    questions.add(
      `${id},${parentOf(id, product, products)},"${body}",${moment(random)},"${nickname(random)}","${email(random)}",` +
        `${random.chance(0.03) ? 1 : 0},${random.below(1 + random.below(40))}`,
    )
    writeAnswers(generation, id, thing, topic)
  }
}

const writeAnswers = (generation: Generation, question: number, thing: Thing, topic: Topic): void => {
  const { random, sheets, deals, parents } = generation
  const { below, chance, pick } = random
  const answers = sheets['answers.csv']
  const photos = sheets['answers_photos.csv']
  for (let left = deals.answers(question); left > 0; left--) {
    const id = answers.rows() + 1
    const body = pick(topic.answers)(thing) + (chance(0.3) ? pick(afterwords) : '')
    const name = chance(0.06) ? 'Seller' : nickname(random)
    const address = chance(0.01) ? 'null' : `"${email(random)}"`
    answers.add(
      `${id},${parentOf(id, question, parents.questions)},"${body}",${moment(random)},"${name}",${address},` +
        `${chance(0.03) ? 1 : 0},${below(1 + below(40))}`,
    )
    for (let left = deals.answerPhotos(id); left > 0; left--) {
      const row = photos.rows() + 1
      const { url } = photoOf(generation, thing)
      photos.add(`${unorderedId(row)},${parentOf(row, id, parents.answers)},"${url}"`)
    }
  }
}
