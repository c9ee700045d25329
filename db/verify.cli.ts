import { withDatabase } from './open.ts'
import { main, Problem } from './problem.ts'
import { findWrong } from './verify.ts'

await main(async () => {
  const wrong = await withDatabase(findWrong)
  if (wrong.length === 0) return console.log('The totals and documents of all products are what their rows give.')
  throw new Problem(
    `The totals or documents of ${wrong.length} products are wrong (${wrong.slice(0, 10).join(', ')}): "call rebuild_review_totals()" and "call rebuild_product_documents()" mend them.`,
  )
})
