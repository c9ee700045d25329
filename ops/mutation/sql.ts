/** A mutation of SQL that occurs once in its file, and the tests of which one has to fail. */
export type SqlMutation = {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly tests: readonly string[]
}

const changes =
  (...tests: string[]) =>
  (file: string, ...pairs: [string, string][]): SqlMutation[] =>
    pairs.map(([from, to]) => ({ file, from, to, tests }))

const totals = changes('handlers/totals.test.ts')
const orders = changes('handlers/orders.test.ts')
const documents = changes('handlers/products')
const imports = changes('importer/build/liveChanges.test.ts')

export const sqlMutations: readonly SqlMutation[] = [
  totals(
    'handlers/reviews/addReview.ts',
    ['not_recommended = kept.not_recommended + excluded.not_recommended', 'not_recommended = kept.not_recommended'],
    [' recommended = kept.recommended + excluded.recommended', ' recommended = kept.recommended'],
    ['ratings = plus(kept.ratings, excluded.ratings)', 'ratings = excluded.ratings'],
    ['votes = plus(kept.votes, excluded.votes)', 'votes = kept.votes'],
    ['totals = plus(kept.totals, excluded.totals)', 'totals = plus(kept.totals, excluded.votes)'],
    ['rating = 4, rating = 5', 'rating = 5, rating = 4'],
    ['(not recommend)::int', 'recommend::int'],
    ['where characteristic_id::text = key', 'where characteristic_id::text <> key'],
    ['coalesce(value, 0) as total', 'coalesce(value, 1) as total'],
  ),
  orders(
    'handlers/reviews/addReview.ts',
    ['order by position', 'order by position desc'],
    [
      'left join ratings using (characteristic_id)\n    order by characteristic_id',
      'left join ratings using (characteristic_id)',
    ],
  ),
  totals('handlers/reviews/markReviewHelpful.ts', ['helpfulness + times', 'helpfulness + 1']),
  totals('handlers/questions/markQuestionHelpful.ts', ['question_helpfulness + times', 'question_helpfulness + 1']),
  totals('handlers/answers/markAnswerHelpful.ts', ['helpfulness + times', 'helpfulness + 1']),
  totals('handlers/reviews/reportReview.ts', [
    'reported or reports + times >= reports_to_hide',
    'reported or reports + times > reports_to_hide',
  ]),
  totals('handlers/questions/reportQuestion.ts', [
    'reported or reports + times >= reports_to_hide',
    'reported or reports + times > reports_to_hide',
  ]),
  totals('handlers/answers/reportAnswer.ts', [
    'reported or reports + times >= reports_to_hide',
    'reported or reports + times > reports_to_hide',
  ]),
  totals(
    'handlers/cart/getCart.ts',
    ['order by min(item_id)', 'order by max(item_id) desc'],
    ['sum(count)', 'max(count)'],
  ),
  changes('handlers/cart/getCart.test.ts')('handlers/cart/getCart.ts', [
    " 'hex') and active\n    group by",
    " 'hex')\n    group by",
  ]),
  totals('handlers/cart/addToCart.ts', ['sku_id, count\n    from keys', 'sku_id, 1\n    from keys']),
  orders(
    'handlers/reviews/listReviews.ts',
    ["by('helpfulness desc, date desc, review_id desc')", "by('helpfulness desc, review_id desc')"],
    ["newest: by('date desc, review_id desc')", "newest: by('date desc')"],
    ['and not reported\n      order', '\n      order'],
    ['and not reported\n        order', '\n        order'],
    ['offset $skip limit $take\n    ) listed', 'offset 0 * $skip limit $take\n    ) listed'],
    ["order by ${order.replaceAll(/\\w+ desc/g, 'ids.$&')}", 'order by ids.date desc'],
  ),
  orders(
    'handlers/questions/listQuestions.ts',
    [
      'desc, question_id desc\n      offset $skip limit $take\n    ) question',
      'desc offset $skip limit $take) question',
    ],
    ['desc, question_id desc\n      offset $skip limit $take\n    ) listed', 'desc offset $skip limit $take) listed'],
    ['json_agg(question order by place)', 'json_agg(question order by question_id)'],
    ['offset $skip limit $take\n    ) listed', 'offset $skip + 1 limit $take) listed'],
  ),
  changes('handlers/orders.test.ts', 'handlers/totals.test.ts')(
    'handlers/questions/listQuestions.ts',
    ['and not reported\n          order', '\n          order'],
    ['and not reported\n            order', '\n            order'],
    ['count(*) > 20', 'count(*) > 21'],
  ),
  orders(
    'handlers/answers/listAnswers.ts',
    ['order by helpfulness desc, answer_id\n      offset', 'order by helpfulness desc offset'],
    ['order by helpfulness desc, answer_id\n        offset', 'order by helpfulness desc, answer_id desc offset'],
    ['order by ids.helpfulness desc, ids.answer_id', 'order by ids.helpfulness desc'],
    ['and not reported\n      order', '\n      order'],
    ['and not reported\n        order', '\n        order'],
  ),
  orders('handlers/products/listProducts.ts', ['position > key ', 'position >= key ']),
  documents(
    'migrations/0001_products.sql',
    ['order by feature_id', 'order by feature'],
    ['order by related_id', 'order by related_product_id'],
    ['order by style.style_id', 'order by style.style_id desc'],
    ['order by position, photo_id', 'order by photo_id'],
    ['order by position, sku_id', 'order by sku_id'],
  ),
  changes('handlers/reviews/getReviewMeta.test.ts', 'handlers/totals.test.ts')(
    'migrations/0002_reviews.sql',
    ['where count > 0', 'where count >= 0'],
    ["'false', nullif(not_recommended, 0)", "'false', nullif(recommended, 0)"],
    ['round(total::numeric / nullif(vote, 0), 16)', 'round(total::numeric / nullif(vote, 0), 15)'],
    ['array_agg(x + y order by n)', 'array_agg(x + y order by n desc)'],
  ),
  changes('handlers/totals.test.ts', 'importer/build/liveChanges.test.ts')(
    'migrations/0007_counted_totals.sql',
    ['filter (where not recommend)', 'filter (where recommend)'],
    ['sum(value)::int as total', 'max(value)::int as total'],
  ),
  orders(
    'migrations/0009_albums.sql',
    [
      'json_agg(row_to_json(photo) order by photo_id) as photos\n',
      'json_agg(row_to_json(photo) order by photo_id desc) as photos\n',
    ],
    ['json_agg(answer_photos.url order by photo_id)', 'json_agg(answer_photos.url order by answer_photos.url)'],
  ),
  imports(
    'importer/build/liveChanges.ts',
    ['not_recommended = built.not_recommended + excluded.not_recommended', 'not_recommended = built.not_recommended'],
    ['insert or update or delete on public', 'insert or delete on public'],
  ),
].flat()
