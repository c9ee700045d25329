-- Photos as lists show them, in the row that they belong to: a page is read without looking for those of each row. Rows
-- that are there stay as they are until the next import.
alter table reviews add photos json;
alter table answers add photos json, add photo_urls json;
comment on column reviews.photos is 'as answers show them, put together by an import; null in a row that was written since, whose photos are looked for';
comment on column answers.photos is 'as answers show them, put together by an import; null in a row that was written since, whose photos are looked for';
comment on column answers.photo_urls is 'the same as lists of questions show it';

create view review_albums as
  select review_id, json_agg(row_to_json(photo) order by photo_id) as photos
  from review_photos cross join lateral (select photo_id as id, url) photo
  group by review_id;

create view answer_albums as
  select answer_id, json_agg(row_to_json(photo) order by photo_id) as photos, json_agg(answer_photos.url order by photo_id) as photo_urls
  from answer_photos cross join lateral (select photo_id as id, url) photo
  group by answer_id;
