import { get, type Operation, post, put } from './ask.ts'
import { any } from './ids.ts'
import { list, midnight, number, object, only, record, text } from './shapes.ts'

const written = { body: text, date: midnight, answerer_name: text, helpfulness: number }

const question = object({
  question_id: number,
  question_body: text,
  question_date: midnight,
  asker_name: text,
  question_helpfulness: number,
  reported: only(false),
  answers: record(object({ id: number, ...written, photos: list(text) })),
})
const answer = object({ answer_id: number, ...written, photos: list(object({ id: number, url: text })) })
const questions = object({ product_id: text, results: list(question, 5) })
const answers = object({ question: text, page: only(1), count: only(5), results: list(answer, 5) })

export const listQuestions: Operation = () => {
  const id = any('products')
  return get(`/qa/questions?product_id=${id}`, questions, { product_id: String(id) })
}

export const listAnswers: Operation = () => {
  const id = any('questions')
  return get(`/qa/questions/${id}/answers`, answers, { question: String(id) })
}

const author = { name: 'button_keeper', email: 'keeper@mail.example' }

export const addQuestion: Operation = () =>
  post('/qa/questions', { product_id: any('products'), body: 'Does it come with a spare button?', ...author })

export const addAnswer: Operation = () =>
  post(`/qa/questions/${any('questions')}/answers`, { body: 'Yes, in the left pocket.', ...author, photos: [] })

export const markQuestionHelpful: Operation = () => put(`/qa/questions/${any('questions')}/helpful`)

export const reportQuestion: Operation = () => put(`/qa/questions/${any('questions')}/report`)

export const markAnswerHelpful: Operation = () => put(`/qa/answers/${any('answers')}/helpful`)

export const reportAnswer: Operation = () => put(`/qa/answers/${any('answers')}/report`)
