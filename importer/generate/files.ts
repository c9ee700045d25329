const fullSize = 1_000_011

/** The files of a data set: the header of each, and its records at full size. */
export const files = {
  'product.csv': { header: 'id,name,slogan,description,category,default_price', records: fullSize },
  'features.csv': { header: 'id,product_id,feature,value', records: 2_219_279 },
  'styles.csv': { header: 'id,productId,name,sale_price,original_price,default_style', records: 1_958_102 },
  'skus.csv': { header: 'id,styleId,size,quantity', records: 11_323_917 },
  'photos.csv': { header: 'id,styleId,url,thumbnail_url', records: 5_655_656 },
  'related.csv': { header: 'id,current_product_id,related_product_id', records: 4_508_263 },
  'cart.csv': { header: 'id,user_session,product_id,active', records: 9 },
  'reviews.csv': {
    header:
      'id,product_id,rating,date,summary,body,recommend,reported,reviewer_name,reviewer_email,response,helpfulness',
    records: 5_774_952,
  },
  'reviews_photos.csv': { header: 'id,review_id,url', records: 2_742_540 },
  'characteristics.csv': { header: 'id,product_id,name', records: 3_347_679 },
  'characteristic_reviews.csv': { header: 'id,characteristic_id,review_id,value', records: 19_327_575 },
  'questions.csv': {
    header: 'id,product_id,body,date_written,asker_name,asker_email,reported,helpful',
    records: 3_518_963,
  },
  'answers.csv': {
    header: 'id,question_id,body,date_written,answerer_name,answerer_email,reported,helpful',
    records: 6_879_306,
  },
  'answers_photos.csv': { header: 'id,answer_id,url', records: 2_063_759 },
} as const

/** The name of one of the files, with its ending. */
export type FileName = keyof typeof files

/** All names, in the order in which the files are listed. */
export const fileNames = Object.keys(files) as FileName[]

/** The records of a file in a data set of this many products. The cart does not grow. */
export const recordsOf = (name: FileName, products: number): number =>
  name === 'cart.csv' ? files[name].records : Math.round((files[name].records * products) / fullSize)
