import { Problem } from '../../db/problem.ts'
import type { Ids } from '../operations.ts'

type Questions = { results: { question_id: number; answers: Record<string, unknown> }[] }
type Reviews = { results: { review_id: number }[] }
type Styles = { results: { skus: Record<string, unknown> }[] }

const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1)

/** Ids of what a running API has: of its first 20 000 products, and of what 1000 of them have. */
export const readIds = async (url: string): Promise<Ids> => {
  const pages = await mapInTurns(range(20), (page) => read<{ id: number }[]>(url, `/products?page=${page}&count=1000`))
  const products = pages.flat().map(({ id }) => id)
  const distance = Math.max(1, Math.floor(products.length / 1000))
  const some = products.filter((_, index) => index % distance === 0)
  const reviews = await mapInTurns(some, (id) => read<Reviews>(url, `/reviews?product_id=${id}&count=20`))
  const asked = await mapInTurns(some, (id) => read<Questions>(url, `/qa/questions?product_id=${id}&count=20`))
  const styles = await mapInTurns(some, (id) => read<Styles>(url, `/products/${id}/styles`))
  const questions = asked.flatMap(({ results }) => results)
  const ids = {
    products,
    pages: range(Math.ceil(products.length / 5)).slice(0, 200),
    reviews: reviews.flatMap(({ results }) => results.map(({ review_id }) => review_id)),
    questions: questions.map(({ question_id }) => question_id),
    answers: questions.flatMap(({ answers }) => Object.keys(answers).map(Number)),
    // A style without skus has one that is called null.
    skus: styles.flatMap(({ results }) => results.flatMap(({ skus }) => Object.keys(skus).filter(Number).map(Number))),
  }
  const missing = Object.entries(ids).find(([, found]) => found.length === 0)
  if (missing) throw new Problem(`The shop at ${url} has no ${missing[0]}: import a set that has some.`)
  return ids
}

const read = async <Answer>(url: string, path: string): Promise<Answer> => {
  const answer = await fetch(url + path).catch(() => {
    throw new Problem(`Nothing answers at ${url}: start the API there, or leave out --url.`)
  })
  if (answer.status !== 200) {
    throw new Problem(`${url}${path} answered ${answer.status}: give the URL of an API that is ready.`)
  }
  return (await answer.json().catch(() => {
    throw new Problem(`${url}${path} answered something else than JSON: give the URL of the API.`)
  })) as Answer
}

const mapInTurns = async <T, U>(list: readonly T[], ask: (item: T) => Promise<U>): Promise<U[]> => {
  const answers: U[] = []
  for (let at = 0; at < list.length; at += 16) answers.push(...(await Promise.all(list.slice(at, at + 16).map(ask))))
  return answers
}
