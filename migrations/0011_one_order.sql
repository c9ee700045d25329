-- Lists sorted as helpful are those sorted as relevant: by helpfulness, then date.
drop index reviews_by_helpfulness;
