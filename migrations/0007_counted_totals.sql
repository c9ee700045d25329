-- How some reviews, and ratings of characteristics, add up for their products; how all do, for null.
create function counted_totals(some_reviews int[], some_ratings int[]) returns table (
  product_id int, ratings int[], not_recommended int, recommended int, ids int[], names text[], votes int[], totals int[]
) language sql stable parallel safe as $$
  with counted as (
    select
      reviews.product_id,
      array[
        count(*) filter (where rating = 1), count(*) filter (where rating = 2), count(*) filter (where rating = 3),
        count(*) filter (where rating = 4), count(*) filter (where rating = 5)
      ]::int[] as ratings,
      (count(*) filter (where not recommend))::int as not_recommended,
      (count(*) filter (where recommend))::int as recommended
    from reviews
    where some_reviews is null or review_id = any(some_reviews)
    group by 1
  ), rated as (
    select characteristic_id, count(*)::int as votes, sum(value)::int as total
    from characteristic_reviews
    where some_ratings is null or characteristic_review_id = any(some_ratings)
    group by 1
  ), described as (
    select
      characteristics.product_id,
      array_agg(characteristic_id order by characteristic_id) as ids,
      array_agg(name order by characteristic_id) as names,
      array_agg(coalesce(rated.votes, 0) order by characteristic_id) as votes,
      array_agg(coalesce(rated.total, 0) order by characteristic_id) as totals
    from characteristics left join rated using (characteristic_id)
    -- Ratings also count where none of the reviews are of their product: a review that is written while an import runs may
    -- give way to one of the same id, and its ratings stay.
    where some_reviews is null or characteristics.product_id in (
      select counted.product_id from counted
      union
      select rating.product_id from characteristics rating join rated using (characteristic_id)
    )
    group by 1
  )
  select
    coalesce(counted.product_id, described.product_id),
    coalesce(counted.ratings, '{0,0,0,0,0}'),
    coalesce(counted.not_recommended, 0),
    coalesce(counted.recommended, 0),
    coalesce(described.ids, '{}'),
    coalesce(described.names, '{}'),
    coalesce(described.votes, '{}'),
    coalesce(described.totals, '{}')
  from counted full join described on described.product_id = counted.product_id
$$;

create or replace view recounted_totals as
  select product_id, ratings, not_recommended, recommended, ids, names, votes, totals from counted_totals(null, null);
