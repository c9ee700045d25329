-- The sort orders helpful and relevant are the same: by helpfulness, then date.
drop index reviews_by_helpfulness;
