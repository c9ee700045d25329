import type { Sql } from '../db/connect.ts'

/** Something that is done once, whole or not at all, to the tables in `incoming`. */
export type Step = { readonly name: string; readonly sql: string }

// All is read from the live tables, whatever migrations have made of them. Names are unqualified: the builders look for
// them in `incoming` first.

/** What makes a table in `incoming` as the live one is, but for its keys and indexes. */
export const creationOf = async (sql: Sql, name: string): Promise<string> => {
  const [live] = await sql<{ options: string[] | null; comment: string | null }[]>`
    select array_to_json(reloptions) as options, quote_literal(obj_description(oid)) as comment
    from pg_class where oid = ${name}::regclass`
  const grants = await sql<{ statement: string }[]>`
    with granted as (
      select format('on incoming.%I', relname) as target, acl.* from pg_class, aclexplode(relacl) acl
      where oid = ${name}::regclass and grantee <> relowner
      union all
      select format('(%I) on incoming.%I', attname, relname), acl.*
      from pg_class join pg_attribute on attrelid = pg_class.oid, aclexplode(attacl) acl
      where pg_class.oid = ${name}::regclass
      union all
      select format('on sequence incoming.%I', relname), acl.*
      from pg_depend join pg_class on pg_class.oid = objid, aclexplode(relacl) acl
      where refobjid = ${name}::regclass and relkind = 'S' and grantee <> relowner
    )
    select format('grant %s %s to %s;', privilege_type, target,
      case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end) as statement
    from granted`
  // Filled at once and analyzed at the end: vacuum would only compete for the disk.
  const options = [...(live?.options ? JSON.parse(String(live.options)) : []), 'autovacuum_enabled = false']
  return `
    create table incoming.${name} (like public.${name} including all excluding indexes);
    alter table incoming.${name} set (${options.join(', ')});
    comment on table incoming.${name} is ${live?.comment ?? 'null'};
    ${grants.map(({ statement }) => statement).join('\n')}`
}

/** The keys and indexes of tables. */
export const indexesOf = async (sql: Sql, names: readonly string[]): Promise<Step[]> =>
  sql<Step[]>`
    select 'index ' || class.relname as name, case
      when conname is null then replace(pg_get_indexdef(indexrelid), ' ON public.', ' ON incoming.')
      else format('alter table %I add constraint %I %s', named.name, conname, pg_get_constraintdef(con.oid))
    end as sql
    from json_array_elements_text(${JSON.stringify(names)}::json) named(name)
      join pg_index on indrelid = named.name::regclass
      join pg_class class on class.oid = indexrelid
      left join pg_constraint con on conindid = indexrelid and contype in ('p', 'u')
    order by pg_relation_size(indrelid) desc`

/** The references from tables to others, which hold from now on, and the steps that check the rows that are there. */
export const referencesOf = async (
  sql: Sql,
  names: readonly string[],
): Promise<{ readonly references: Step[]; readonly checks: Step[] }> => {
  const rows = await sql<{ name: string; table: string; definition: string }[]>`
    select conname as name, named.name as table, pg_get_constraintdef(oid) as definition
    from json_array_elements_text(${JSON.stringify(names)}::json) named(name)
      join pg_constraint on conrelid = named.name::regclass and contype = 'f'`
  return {
    // In two steps, so that nobody who writes to the other table waits while rows are checked.
    references: rows.map(({ name, table, definition }) => ({
      name: `reference ${name}`,
      sql: `alter table ${table} add constraint ${name} ${definition} not valid`,
    })),
    checks: rows.map(({ name, table }) => ({
      name: `check ${name}`,
      sql: `alter table ${table} validate constraint ${name}`,
    })),
  }
}

/** The views that are made of tables, as the names of both are looked for now. */
export const viewsOf = async (sql: Sql, names: readonly string[]): Promise<Step[]> =>
  sql<Step[]>`
    select relname as name, format('create view incoming.%I as %s', relname, pg_get_viewdef(oid)) as sql
    from pg_class
    where relkind = 'v' and oid in (
      select ev_class from pg_rewrite join pg_depend on objid = pg_rewrite.oid and classid = 'pg_rewrite'::regclass
      where refobjid in (select name::regclass from json_array_elements_text(${JSON.stringify(names)}::json) named(name))
    )`
