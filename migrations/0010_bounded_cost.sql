-- True if JSON is short, from its stored size, without reading it. Compressed JSON may have any size.
create function is_short(value json) returns boolean language sql stable parallel safe
  return pg_column_size(value) <= 2000 and pg_column_compression(value) is null;

-- The estimated bytes of a review or answer on a page, without reading its body or photos. The planner inlines it, so
-- that photo_bytes, a subquery, runs only for rows whose photos are long or not in the row.
create function shown_bytes(body text, photos json, photo_bytes bigint) returns bigint language sql stable parallel safe
  return 200 + octet_length(body) + case when is_short(photos) then 0 else coalesce(photo_bytes, 0) end;

-- For foreign keys: a delete looks for rows that refer to the deleted one. Related rows are stored together, so a small
-- BRIN index of id ranges is enough. The B-trees on these columns leave out reported rows, or do not exist.
create index reviews_product_ranges on reviews using brin (product_id) with (pages_per_range = 16, autosummarize = on);
create index characteristic_reviews_review_ranges on characteristic_reviews
  using brin (review_id) with (pages_per_range = 16, autosummarize = on);
create index questions_product_ranges on questions using brin (product_id) with (pages_per_range = 16, autosummarize = on);
create index answers_question_ranges on answers using brin (question_id) with (pages_per_range = 16, autosummarize = on);
create index photos_style_ranges on photos using brin (style_id) with (pages_per_range = 16, autosummarize = on);
create index skus_style_ranges on skus using brin (style_id) with (pages_per_range = 16, autosummarize = on);
