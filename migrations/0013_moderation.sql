alter table reviews add reports int not null default 0;
alter table questions add reports int not null default 0;
alter table answers add reports int not null default 0;
comment on column reviews.reports is
  'since it was written or restored; 0 in a row that was reported before this column, or in its file';
comment on column questions.reports is
  'since it was written or restored; 0 in a row that was reported before this column, or in its file';
comment on column answers.reports is
  'since it was written or restored; 0 in a row that was reported before this column, or in its file';

-- The queues of moderators, in each of their orders: a page costs its rows, however many are in the tables.
create index reviews_most_reported on reviews (reports desc, review_id) where reported or reports > 0;
create index reviews_oldest_reported on reviews (date, review_id) where reported or reports > 0;
create index questions_most_reported on questions (reports desc, question_id) where reported or reports > 0;
create index questions_oldest_reported on questions (question_date, question_id) where reported or reports > 0;
create index answers_most_reported on answers (reports desc, answer_id) where reported or reports > 0;
create index answers_oldest_reported on answers (date, answer_id) where reported or reports > 0;

-- The rows of a person, whatever the case of the address. A hash is a third of its size, and
-- all that erased_emails has.
create index reviews_by_email on reviews (hashtextextended(lower(reviewer_email), 0)) where reviewer_email is not null;
create index questions_by_email on questions (hashtextextended(lower(asker_email), 0)) where asker_email is not null;
create index answers_by_email on answers (hashtextextended(lower(answerer_email), 0)) where answerer_email is not null;

create table removed_rows (
  name text not null,
  id int not null,
  removed_at timestamptz not null default now(),
  primary key (name, id)
);
create index removed_rows_by_age on removed_rows (removed_at);
comment on table removed_rows is 'what moderators removed for good: imports leave it out, with all that belongs to it';
comment on column removed_rows.name is 'reviews, questions or answers';

create table erased_emails (
  email_hash bigint primary key,
  erased_at timestamptz not null default now()
);
create index erased_emails_by_age on erased_emails (erased_at);
comment on table erased_emails is
  'the hashes of addresses whose persons asked to be erased: imports make what they wrote anonymous';
