create table interactions (
  interaction_id bigint generated always as identity primary key,
  element text not null,
  widget text not null,
  time text not null,
  received_at timestamptz not null default now()
);
comment on column interactions.time is 'as the client sent it: any text';
