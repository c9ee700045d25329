import { Problem } from '../../db/problem.ts'

/** Ids of what a shop has, from all over it. */
export type Ids = Readonly<Record<'products' | 'reviews' | 'questions' | 'answers' | 'skus', readonly number[]>>

type Questions = { results: { question_id: number; answers: Record<string, unknown> }[] }
type Reviews = { results: { review_id: number }[] }
type Styles = { results: { skus: Record<string, unknown> }[] }

const pageSize = 1000
// Beyond a million rows the API has no pages.
const lastPage = 1_000_000 / pageSize

/** Asks an API for the ids of what it has: of up to 100 000 products, and of what up to 1000 of them have. */
export const gatherIds = async (url: string): Promise<Ids> => {
  const page = (number: number) => get<{ id: number }[]>(url, `/products?page=${number}&count=${pageSize}`)
  const pages = await countPages(async (number) => (await page(number)).length > 0)
  const products = (await each(spread(range(pages), 100), page)).flat().map(({ id }) => id)
  const some = spread(products, 1000)
  const reviews = await each(some, (id) => get<Reviews>(url, `/reviews?product_id=${id}&count=20`))
  const asked = await each(some, (id) => get<Questions>(url, `/qa/questions?product_id=${id}&count=20`))
  const styles = await each(some, (id) => get<Styles>(url, `/products/${id}/styles`))
  const questions = asked.flatMap(({ results }) => results)
  const ids = {
    products,
    reviews: reviews.flatMap(({ results }) => results.map(({ review_id }) => review_id)),
    questions: questions.map(({ question_id }) => question_id),
    answers: questions.flatMap(({ answers }) => Object.keys(answers).map(Number)),
    // A style without skus has one that is called null.
    skus: styles.flatMap(({ results }) => results.flatMap(({ skus }) => Object.keys(skus).filter(Number).map(Number))),
  }
  for (const [kind, found] of Object.entries(ids)) {
    if (found.length === 0) throw new Problem(`The shop at ${url} has no ${kind}: import a set that has some.`)
  }
  return ids
}

const get = async <T>(url: string, path: string): Promise<T> => {
  const answer = await fetch(url + path).catch(() => {
    throw new Problem(`Nothing answers at ${url}: start the API there, or leave out --url.`)
  })
  if (answer.status !== 200) {
    throw new Problem(`${url}${path} answered ${answer.status}: give the URL of an API that is ready.`)
  }
  return (await answer.json().catch(() => {
    throw new Problem(`${url}${path} answered something else than JSON: give the URL of the API.`)
  })) as T
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1)

/** At most so many of a list, at even distances. */
const spread = <T>(list: readonly T[], most: number): T[] => {
  const distance = Math.max(1, list.length / most)
  return range(Math.min(list.length, most)).map((n) => list[Math.floor((n - 1) * distance)] as T)
}

/** How many pages there are: they are full up to the last. */
const countPages = async (exists: (page: number) => Promise<boolean>): Promise<number> => {
  let some = 0
  let none = lastPage + 1
  while (none - some > 1) {
    const middle = (some + none) >> 1
    if (await exists(middle)) some = middle
    else none = middle
  }
  return some
}

const each = async <T, U>(list: readonly T[], ask: (item: T) => Promise<U>): Promise<U[]> => {
  const answers: U[] = []
  for (let at = 0; at < list.length; at += 16) answers.push(...(await Promise.all(list.slice(at, at + 16).map(ask))))
  return answers
}
