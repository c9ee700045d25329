-- A small shop in which each rule of the answers has a case. Ids start low; what a test writes starts at 1000.
insert into products (product_id, name, slogan, description, category, default_price, imported_at) values
  (1, 'Harbour Parka', 'Rain is only weather', 'Waxed cotton, taped seams and a hood that stays up.', 'Jackets', 140, '2024-03-05 06:07:08.009+00'),
  (2, 'Noon Sunglasses', 'Look up', 'Polarised lenses in a frame that survives a pocket.', 'Accessories', 69, '2024-03-05 06:07:08.009+00'),
  (3, 'Bare Product', 'Nothing yet', 'Has no features, styles, reviews or questions.', 'Pants', 40, '2024-03-05 06:07:08.009+00'),
  (4, 'Undecided Boots', 'None is the default', 'Styles of which none is the default one.', 'Kicks', 500000000, '2024-03-05 06:07:08.009+00'),
  (5, 'Quiet Socks', 'Walk softly', 'Wool.', 'Accessories', 9, '2024-03-05 06:07:08.009+00'),
  (6, 'Loud Socks', 'Walk proudly', 'Also wool.', 'Accessories', 9, '2024-03-05 06:07:08.009+00'),
  (8, 'Gap Belt', 'There is no seven', 'Leather, with a brass buckle.', 'Accessories', 25, '2024-03-05 06:07:08.009+00');

insert into features (feature_id, product_id, feature, value) values
  (2, 1, 'Buttons', 'Brass'), (1, 1, 'Fabric', 'Waxed cotton'), (3, 2, 'UV Protection', null);

insert into related (related_id, product_id, related_product_id) values
  (1, 1, 2), (2, 1, 3), (3, 1, 2), (4, 1, 1), (5, 1, 0), (6, 1, 7), (7, 1, 8);

insert into styles (style_id, product_id, name, original_price, sale_price, default_style) values
  (1, 1, 'Tar Black', 140, null, true), (2, 1, 'Buoy Red', 140, 100, false),
  (3, 4, 'Left', 500000000, null, false), (4, 4, 'Right', 500000000, null, false);

insert into photos (photo_id, style_id, product_id, position, url, thumbnail_url) values
  (2, 1, 1, 2, 'https://photos.example/2.jpg', 'uhttps://photos.example/2-small.jpg'),
  (1, 1, 1, 3, 'https://photos.example/1.jpg', 'https://photos.example/1-small.jpg'),
  (3, 3, 4, 4, 'https://photos.example/3.jpg', 'https://photos.example/3-small.jpg');

insert into skus (sku_id, style_id, product_id, position, size, quantity) values
  (1, 1, 1, 2, 'S', 8), (3, 1, 1, 3, 'XL', 4), (2, 1, 1, 4, 'XL', 15), (4, 4, 4, 5, '9', 0);

call rebuild_product_documents();

insert into reviews (review_id, product_id, rating, date, summary, body, recommend, reported, reviewer_name, reviewer_email, response, helpfulness) values
  (1, 1, 5, '2023-01-01', 'Dry', 'Kept me dry on the ferry.', true, false, 'ferryman', 'ferryman@mail.example', null, 3),
  (2, 1, 2, '2023-03-01', 'Stiff', 'Stiff in the cold.', false, false, 'skipper', 'skipper@mail.example', 'It softens with wear.', 7),
  (3, 1, 4, '2023-02-01', 'Good', 'Good pockets.', true, false, 'deckhand', 'deckhand@mail.example', null, 3),
  (4, 1, 1, '2023-04-01', 'Spam', 'Buy my boat.', false, true, 'spammer', 'spammer@mail.example', null, 99),
  (5, 1, 4, '2023-02-01', 'Also good', 'A hood that stays up.', true, false, 'bosun', 'bosun@mail.example', null, 3),
  (6, 4, 3, '2022-12-31', 'Odd', 'One of each.', true, false, 'walker', 'walker@mail.example', null, 0);

insert into review_photos (photo_id, review_id, product_id, url) values
  (2, 2, 1, 'https://photos.example/r2.jpg'), (1, 2, 1, 'https://photos.example/r1.jpg');

update reviews set photos = '[]';
update reviews set photos = album.photos from review_albums album where album.review_id = reviews.review_id;

insert into characteristics (characteristic_id, product_id, name) values
  (1, 1, 'Fit'), (2, 1, 'Quality'), (3, 4, 'Width');

insert into characteristic_reviews (characteristic_review_id, characteristic_id, review_id, product_id, value) values
  (1, 1, 1, 1, 4), (2, 1, 2, 1, 3), (3, 1, 4, 1, 3), (4, 2, 1, 1, 4), (5, 2, 2, 1, 4);

call rebuild_review_totals();

insert into questions (question_id, product_id, question_body, question_date, asker_name, asker_email, reported, question_helpfulness) values
  (1, 1, 'Does it breathe?', '2023-01-02', 'rower', 'rower@mail.example', false, 2),
  (2, 1, 'Is the hood removable?', '2023-01-03', 'pilot', 'pilot@mail.example', false, 5),
  (3, 1, 'Want a boat?', '2023-01-04', 'spammer', 'spammer@mail.example', true, 50),
  (4, 1, 'Can it be washed?', '2023-01-05', 'cook', 'cook@mail.example', false, 2);

insert into answers (answer_id, question_id, product_id, body, date, answerer_name, answerer_email, reported, helpfulness) values
  (1, 1, 1, 'A little.', '2023-01-06', 'Seller', null, false, 1),
  (2, 1, 1, 'Not in August.', '2023-01-07', 'stoker', 'stoker@mail.example', false, 4),
  (3, 1, 1, 'Buy my boat.', '2023-01-08', 'spammer', 'spammer@mail.example', true, 9),
  (4, 1, 1, 'Enough.', '2023-01-09', 'mate', 'mate@mail.example', false, 1);

insert into answer_photos (photo_id, answer_id, product_id, url) values
  (2, 2, 1, 'https://photos.example/a2.jpg'), (1, 2, 1, 'https://photos.example/a1.jpg');

update answers set photos = '[]', photo_urls = '[]';
update answers set photos = album.photos, photo_urls = album.photo_urls
from answer_albums album where album.answer_id = answers.answer_id;

-- The carts of the tokens "first" and "second".
insert into cart_items (item_id, cart, sku_id, count, active) values
  (1, sha256('first'), 3, 1, true), (2, sha256('first'), 1, 1, true), (3, sha256('first'), 3, 2, true),
  (4, sha256('first'), 2, 1, false), (5, sha256('second'), 2, 1, true);

do $$
declare
  sequence record;
begin
  for sequence in select schemaname, sequencename from pg_sequences where schemaname = 'public' loop
    perform setval(format('%I.%I', sequence.schemaname, sequence.sequencename), 999);
  end loop;
end $$;
