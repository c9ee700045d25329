import { boolean, counter, id, nullable, reference, text } from '../columns.ts'
import { day } from '../days.ts'
import type { Table } from './table.ts'
import { products } from './products.ts'

export const questions: Table = {
  name: 'questions',
  files: ['questions.csv'],
  columns: {
    id: ['question_id', id],
    product_id: reference,
    body: ['question_body', text],
    date_written: ['question_date', day],
    asker_name: text,
    asker_email: nullable(text),
    reported: boolean,
    helpful: ['question_helpfulness', counter],
  },
  parents: [products],
}

export const answers: Table = {
  name: 'answers',
  files: ['answers.csv'],
  columns: {
    id: ['answer_id', id],
    question_id: reference,
    body: text,
    date_written: ['date', day],
    answerer_name: text,
    answerer_email: nullable(text),
    reported: boolean,
    helpful: ['helpfulness', counter],
  },
  parents: [questions],
  owner: questions,
  photoColumns: ['photos', 'photo_urls'],
}

export const answerPhotos: Table = {
  name: 'answer_photos',
  files: ['answers_photos.csv'],
  columns: { id: ['photo_id', id], answer_id: reference, url: text },
  parents: [answers],
  owner: answers,
}
