-- Large enough that random requests rarely repeat: 2000 products, with five reviews and three questions each.
insert into products (product_id, name, slogan, description, category, default_price)
  select n, 'Product ' || n, 'Made to be asked for', 'One of many.', 'Jackets', n from generate_series(1, 2000) n;

insert into features (product_id, feature, value)
  select n, feature, 'Yes' from generate_series(1, 2000) n, unnest(array['Buttons', 'Fabric']) feature;

insert into related (product_id, related_product_id)
  select n, 1 + (n + step) % 2000 from generate_series(1, 2000) n, generate_series(1, 3) step;

insert into styles (style_id, product_id, name, original_price, default_style)
  select n, n, 'Plain', n, true from generate_series(1, 2000) n;

insert into skus (style_id, product_id, size, quantity)
  select n, n, size, 8 from generate_series(1, 2000) n, unnest(array['S', 'M', 'L']) size;

insert into reviews
  (review_id, product_id, rating, summary, body, recommend, reviewer_name, reviewer_email, helpfulness)
  select n, 1 + n % 2000, 1 + n % 5, 'Fits', 'Fits as it should.', true, 'walker', 'walker@mail.example', 0
  from generate_series(1, 10000) n;

insert into questions (question_id, product_id, question_body, asker_name, asker_email)
  select n, 1 + n % 2000, 'Does it fit?', 'walker', 'walker@mail.example' from generate_series(1, 6000) n;

call rebuild_product_documents();
call rebuild_review_totals();

select setval(pg_get_serial_sequence('styles', 'style_id'), 10000);
select setval(pg_get_serial_sequence('reviews', 'review_id'), 100000);
select setval(pg_get_serial_sequence('questions', 'question_id'), 100000);
select setval(pg_get_serial_sequence('products', 'product_id'), 100000);
analyze;
