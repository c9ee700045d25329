create table imports (
  import_id int generated always as identity primary key,
  source text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz
);
comment on table imports is 'what was loaded into this database, and when';
comment on column imports.source is 'demo for the set that an empty database is filled with';
comment on column imports.finished_at is 'null while it runs, and for good when it was interrupted';
