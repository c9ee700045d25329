-- The roles and their rights. A superuser runs it in the database of the API, before or after the migrations; a second
-- run changes nothing. Passwords are set separately: alter role atelier_api password '...'.

do $$
declare
  role text;
begin
  foreach role in array array[
    'atelier_owner', 'atelier_migrate', 'atelier_import', 'atelier_api', 'atelier_moderation', 'atelier_replication',
    'atelier_backup'
  ] loop
    if to_regrole(role) is null then
      execute format('create role %I', role);
    end if;
  end loop;
end
$$;

-- The owner of all tables, without a login: migrations and imports switch to it.
alter role atelier_owner nologin;
alter role atelier_migrate login connection limit 5;
alter role atelier_import login connection limit 20;
grant atelier_owner to atelier_migrate, atelier_import;
alter role atelier_migrate set role to atelier_owner;
alter role atelier_import set role to atelier_owner;

-- The nodes. Their statements are short: a longer one has lost its client.
alter role atelier_api login;
alter role atelier_api set statement_timeout = '10s';
alter role atelier_api set lock_timeout = '5s';
alter role atelier_api set idle_in_transaction_session_timeout = '10s';

-- Nodes that serve moderators, for the endpoints of these alone.
alter role atelier_moderation login connection limit 40;
alter role atelier_moderation set statement_timeout = '10s';
alter role atelier_moderation set lock_timeout = '5s';
alter role atelier_moderation set idle_in_transaction_session_timeout = '10s';

alter role atelier_replication login replication connection limit 5;
alter role atelier_backup login replication connection limit 3;

do $$
begin
  execute format('alter database %I owner to atelier_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to atelier_api, atelier_moderation', current_database());
end
$$;
alter schema public owner to atelier_owner;
revoke create on schema public from public;
grant usage on schema public to atelier_api, atelier_moderation;

-- Grants the API its rights on a table: it reads all columns but e-mail addresses, which no response has, and writes
-- what its handlers write. It deletes nothing but old idempotency keys. Moderators also read addresses, and delete.
create or replace function atelier_grant(target regclass) returns void language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  readable text;
  rights text;
  moderation_rights text;
begin
  select string_agg(quote_ident(attname), ', ' order by attnum) into readable
  from pg_attribute
  where attrelid = target and attnum > 0 and not attisdropped and attname not like '%\_email'
    and target::text !~ '(removed_rows|erased_emails)$';

  rights := case (select relname from pg_class where oid = target)
    when 'reviews' then 'insert, update (helpfulness, reported, reports)'
    when 'review_photos' then 'insert'
    when 'characteristic_reviews' then 'insert'
    when 'review_totals' then 'insert, update'
    when 'questions' then 'insert, update (question_helpfulness, reported, reports)'
    when 'answers' then 'insert, update (helpfulness, reported, reports)'
    when 'answer_photos' then 'insert'
    when 'cart_items' then 'insert'
    when 'interactions' then 'insert'
    -- To lock a row takes the right to update it.
    when 'idempotency_keys' then 'insert, update, delete'
  end;

  moderation_rights := case (select relname from pg_class where oid = target)
    when 'reviews' then 'select, delete, update (reported, reports, response, reviewer_name, reviewer_email)'
    when 'review_photos' then 'select, delete'
    when 'review_albums' then 'select'
    when 'characteristics' then 'select'
    when 'characteristic_reviews' then 'select, delete'
    when 'review_totals' then 'select, update'
    when 'questions' then 'select, delete, update (reported, reports, asker_name, asker_email)'
    when 'answers' then 'select, delete, update (reported, reports, answerer_name, answerer_email)'
    when 'answer_photos' then 'select, delete'
    when 'answer_albums' then 'select'
    when 'removed_rows' then 'select, insert'
    when 'erased_emails' then 'select, insert, update'
    when 'idempotency_keys' then 'select, insert, update, delete'
  end;

  -- Before the migration that adds it, as when this file is run ahead of a deploy.
  if not exists (select from pg_attribute where attrelid = target and attname = 'reports') then
    rights := replace(rights, ', reports', '');
    moderation_rights := replace(moderation_rights, ', reports', '');
  end if;

  execute format('revoke all on %s from public, atelier_api, atelier_moderation', target);
  if readable is not null then
    execute format('grant select (%s) on %s to atelier_api', readable, target);
  end if;
  if rights is not null then
    execute format('grant %s on %s to atelier_api', rights, target);
  end if;
  if moderation_rights is not null then
    execute format('grant %s on %s to atelier_moderation', moderation_rights, target);
  end if;
end
$$;

-- Imports move tables into this schema, and migrations create some: each gets its rights in the same transaction.
create or replace function atelier_grant_new() returns event_trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  created record;
begin
  for created in
    select distinct objid
    from pg_event_trigger_ddl_commands() join pg_class on pg_class.oid = objid
    where classid = 'pg_class'::regclass and relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
  loop
    perform public.atelier_grant(created.objid);
  end loop;
end
$$;
drop event trigger if exists atelier_grant_new;
create event trigger atelier_grant_new on ddl_command_end
  when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'ALTER TABLE', 'CREATE VIEW') execute function atelier_grant_new();

-- Existing tables and routines get the owner and the rights, too.
do $$
declare
  object record;
begin
  for object in
    select oid::regclass as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
  loop
    execute format('alter table %s owner to atelier_owner', object.name);
    perform public.atelier_grant(object.name);
  end loop;
  for object in
    select oid::regprocedure as name from pg_proc
    where pronamespace = 'public'::regnamespace and proname not like 'atelier\_%'
      and not exists (
        select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e'
      )
  loop
    execute format('alter routine %s owner to atelier_owner', object.name);
  end loop;
end
$$;
