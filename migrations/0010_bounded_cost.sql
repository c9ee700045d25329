-- Whether JSON is short, told from what is stored, unread. Compressed, it may be anything.
create function is_short(value json) returns boolean language sql stable parallel safe
  return pg_column_size(value) <= 2000 and pg_column_compression(value) is null;

-- What refers to a row is found when that is deleted. Rows that belong together lie together, so the range of ids in each
-- stretch of a table is enough, which takes no space and next to no time to make; other indexes that begin with these
-- columns leave out reported rows, or do not exist.
create index reviews_product_ranges on reviews using brin (product_id) with (pages_per_range = 16, autosummarize = on);
create index characteristic_reviews_review_ranges on characteristic_reviews
  using brin (review_id) with (pages_per_range = 16, autosummarize = on);
create index questions_product_ranges on questions using brin (product_id) with (pages_per_range = 16, autosummarize = on);
create index answers_question_ranges on answers using brin (question_id) with (pages_per_range = 16, autosummarize = on);
create index photos_style_ranges on photos using brin (style_id) with (pages_per_range = 16, autosummarize = on);
create index skus_style_ranges on skus using brin (style_id) with (pages_per_range = 16, autosummarize = on);
