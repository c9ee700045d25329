import { expect, test } from 'vitest'
import { answer, answers, productsOf, question, questions, useImporter, type Files } from '../test/importer.ts'

const importer = useImporter()

test('of rows with the same id the first is loaded, and the others are rejected', async () => {
  const { report, rejects } = await importer.run({
    'product.csv': productsOf(1),
    'questions.csv': questions(
      question(1, 1, 'First?'),
      question(2, 1),
      question(1, 1, 'Second?'),
      question(1, 1, 'Third?'),
    ),
  })
  expect(report['questions.csv']).toMatchObject({ read: 4, loaded: 2, rejected: 2 })
  const reason = 'A row above has the same id, and is loaded: leave one of them.'
  expect(rejects).toEqual([
    ['questions.csv', '4', 'id', '1', reason],
    ['questions.csv', '5', 'id', '1', reason],
  ])
  const [row] = await importer.sql`select question_body from questions where question_id = 1`
  expect(row).toEqual({ question_body: 'First?' })
})

test('rows whose parent is missing are rejected, in every file that has parents', async () => {
  const files: Files = {
    'features.csv': 'id,product_id,feature,value\n1,9,"Fabric","Canvas"',
    'styles.csv': 'id,productId,name,sale_price,original_price,default_style\n1,9,"Green",null,140,1',
    'photos.csv': 'id,styleId,url,thumbnail_url\n1,9,"https://p","https://t"',
    'skus.csv': 'id,styleId,size,quantity\n1,9,"XL",3',
    'related.csv': 'id,current_product_id,related_product_id\n1,9,1',
    'cart.csv': 'id,user_session,product_id,active\n1,1234,9,1',
    'reviews.csv':
      'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness\n' +
      '1,9,5,1596080481467,"a","b",true,false,"ann",null,null,8',
    'reviews_photos.csv': 'id,review_id,url\n1,9,"https://p"',
    'characteristics.csv': 'id,product_id,name\n1,9,"Fit"',
    'characteristic_reviews.csv': 'id,characteristic_id,review_id,value\n1,9,9,4',
    'questions.csv': questions(question(1, 9)),
    'answers.csv': answers(answer(1, 9)),
    'answers_photos.csv': 'id,answer_id,url\n1,9,"https://p"',
  }
  const { report, rejects } = await importer.run({ 'product.csv': productsOf(1), ...files })
  for (const file of Object.keys(files)) expect(report[file]).toMatchObject({ read: 1, loaded: 0, rejected: 1 })
  expect(rejects.map(([file, line, , value]) => [file, line, value])).toEqual(
    Object.keys(report)
      .slice(1)
      .map((file) => [file, '2', '9']),
  )
  expect(rejects.find(([file]) => file === 'photos.csv')).toEqual([
    'photos.csv',
    '2',
    'styleId',
    '9',
    'No row of styles has this id: import it with styles.csv, or correct it.',
  ])
})

test('rows whose parent is missing leave the others of their file to be loaded', async () => {
  const { report, rejects } = await importer.run({
    'product.csv': productsOf(1),
    'questions.csv': questions(question(1, 1), question(2, 1)),
    'answers_photos.csv': 'id,answer_id,url\n1,1,"https://p/1"\n2,2,"https://p/2"',
    'answers.csv': answers(answer(1, 1), answer(2, 7), answer(3, 2)),
  })
  expect(report['answers.csv']).toMatchObject({ read: 3, loaded: 2, rejected: 1 })
  expect(rejects.map(([file, line, column, value]) => [file, line, column, value])).toEqual([
    ['answers.csv', '3', 'question_id', '7'],
    ['answers_photos.csv', '3', 'answer_id', '2'],
  ])
})
