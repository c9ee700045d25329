import { withDatabase } from './open.ts'
import { main, UserError } from './commandLine.ts'
import { findInconsistent } from './verify.ts'

await main(async () => {
  const ids = await withDatabase(findInconsistent)
  if (ids.length === 0) return console.log('The totals, documents and photos of all products are what their rows give.')
  throw new UserError(
    `The totals, documents or photos of ${ids.length} products are wrong (${ids.slice(0, 10).join(', ')}): "call rebuild_review_totals()" and "call rebuild_product_documents()" mend the former, and photos that are null are looked for: "update reviews set photos = null", "update answers set photos = null, photo_urls = null".`,
  )
})
