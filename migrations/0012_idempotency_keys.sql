create table idempotency_keys (
  idempotency_key text primary key,
  fingerprint text not null,
  answer json,
  created_at timestamptz not null default now()
);
-- Old keys are found by it, a few at a time.
create index idempotency_keys_by_age on idempotency_keys (created_at);
comment on table idempotency_keys is
  'the first answer of each write that had a key, stored by the statement that wrote';
comment on column idempotency_keys.fingerprint is
  'SHA-256 in hex of the operation and its input: another one may not use the key';
comment on column idempotency_keys.answer is 'the row of the write; null if it changed nothing, as for an unknown id';
