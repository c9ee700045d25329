import { pickPhoto } from '../words/addresses.ts'
import { parentId, unorderedId } from '../defects.ts'
import { email, moment, nickname } from '../words/people.ts'
import { afterwords, topics, type Topic } from '../words/questions.ts'
import type { GeneratorContext } from '../context.ts'
import type { Noun } from '../words/noun.ts'

/** Writes the questions of a product with their answers. */
export const writeQuestions = (context: GeneratorContext, product: number, noun: Noun): void => {
  const { random, writers, allocations, products } = context
  const questions = writers['questions.csv']
  for (let left = allocations.questions(product); left > 0; left--) {
    const id = questions.rows() + 1
    const topic = random.pick(topics)
    const body = random.pick(topic.questions)(noun)
    questions.add(
      `${id},${parentId(id, product, products)},"${body}",${moment(random)},"${nickname(random)}","${email(random)}",` +
        `${random.chance(0.03) ? 1 : 0},${random.below(1 + random.below(40))}`,
    )
    writeAnswers(context, id, noun, topic)
  }
}

const writeAnswers = (context: GeneratorContext, question: number, noun: Noun, topic: Topic): void => {
  const { random, writers, allocations, parents } = context
  const { below, chance, pick } = random
  const answers = writers['answers.csv']
  const photos = writers['answers_photos.csv']
  for (let left = allocations.answers(question); left > 0; left--) {
    const id = answers.rows() + 1
    const body = pick(topic.answers)(noun) + (chance(0.3) ? pick(afterwords) : '')
    const name = chance(0.06) ? 'Seller' : nickname(random)
    const address = chance(0.01) ? 'null' : `"${email(random)}"`
    answers.add(
      `${id},${parentId(id, question, parents.questions)},"${body}",${moment(random)},"${name}",${address},` +
        `${chance(0.03) ? 1 : 0},${below(1 + below(40))}`,
    )
    for (let left = allocations.answerPhotos(id); left > 0; left--) {
      const row = photos.rows() + 1
      const { url } = pickPhoto(context, noun)
      photos.add(`${unorderedId(row)},${parentId(row, id, parents.answers)},"${url}"`)
    }
  }
}
