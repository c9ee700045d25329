import { UserError } from '../../db/commandLine.ts'
import type { SampleIds } from '../operations.ts'

type Questions = { results: { question_id: number; answers: Record<string, unknown> }[] }
type Reviews = { results: { review_id: number }[] }
type Styles = { results: { skus: Record<string, unknown> }[] }

/** Ids from the answers of a running API: of 1000 products, and of their reviews, questions, answers and skus. */
export const readIds = async (url: string): Promise<SampleIds> => {
  const products = (await read<{ id: number }[]>(`${url}/products?count=1000`)).map(({ id }) => id)
  const readAll = async <Answer>(path: (id: number) => string): Promise<Answer[]> => {
    const answers: Answer[] = []
    for (const id of products) answers.push(await read<Answer>(url + path(id)))
    return answers
  }
  const reviews = await readAll<Reviews>((id) => `/reviews?product_id=${id}&count=20`)
  const asked = await readAll<Questions>((id) => `/qa/questions?product_id=${id}&count=20`)
  const styles = await readAll<Styles>((id) => `/products/${id}/styles`)
  const questions = asked.flatMap(({ results }) => results)
  const ids = {
    products,
    pages: Array.from({ length: Math.ceil(products.length / 5) }, (_, index) => index + 1),
    reviews: reviews.flatMap(({ results }) => results.map(({ review_id }) => review_id)),
    questions: questions.map(({ question_id }) => question_id),
    answers: questions.flatMap(({ answers }) => Object.keys(answers).map(Number)),
    // A style without skus has one that is called null.
    skus: styles.flatMap(({ results }) => results.flatMap(({ skus }) => Object.keys(skus).filter(Number).map(Number))),
  }
  const missing = Object.entries(ids).find(([, found]) => found.length === 0)
  if (missing) throw new UserError(`The shop at ${url} has no ${missing[0]}: import a set that has some.`)
  return ids
}

const read = async <Answer>(url: string): Promise<Answer> => {
  const answer = await fetch(url).catch(() => undefined)
  const value: unknown = answer?.ok ? await answer.json().catch(() => undefined) : undefined
  if (value !== undefined) return value as Answer
  const problem = answer ? `${url} answered ${answer.status} and no JSON` : `Nothing answers at ${new URL(url).origin}`
  throw new UserError(`${problem}: start the API there, or leave out --url.`)
}
