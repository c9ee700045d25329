import type { Sql } from '../../db/client.ts'

/** Something that is done once, whole or not at all, to the tables in `staging`. */
export type Step = { readonly name: string; readonly sql: string }

// All is read from the live tables, whatever migrations have made of them. Names are unqualified: the builders look for
// them in `staging` first.

/** What makes a table in `staging` as the live one is, but for its keys and indexes. */
export const creationOf = async (sql: Sql, name: string): Promise<string> => {
  const [live] = await sql<{ options: string[] | null }[]>`
    select array_to_json(reloptions) as options from pg_class where oid = ${name}::regclass`
  // Filled at once and analyzed at the end: vacuum would only compete for the disk.
  const known = live?.options ? (JSON.parse(String(live.options)) as string[]) : []
  const options = [...known.filter((option) => !option.startsWith('autovacuum_enabled')), 'autovacuum_enabled = false']
  return `
    create table staging.${name} (like public.${name} including all excluding indexes);
    alter table staging.${name} set (${options.join(', ')});
    ${await detailsOf(sql, name)}`
}

/** What `like` leaves out of a table, and `create` of a view: who may do what, the comment, and what the planner counts. */
const detailsOf = async (sql: Sql, name: string): Promise<string> => {
  const statements = await sql<{ statement: string }[]>`
    with named as (
      select *, case relkind when 'v' then 'view' else 'table' end as kind from pg_class where oid = ${name}::regclass
    ), sequence as (
      select relname, relacl, relowner, seqtypid::regtype as type
      from pg_depend join pg_class on pg_class.oid = objid join pg_sequence on seqrelid = objid
      where refobjid = ${name}::regclass
    ), columns as (
      select pg_attribute.*, relname from named join pg_attribute on attrelid = named.oid where attnum > 0
    ), granted as (
      select format('on staging.%I', relname) as target, acl.* from named, aclexplode(relacl) acl where grantee <> relowner
      union all
      select format('(%I) on staging.%I', attname, relname), acl.* from columns, aclexplode(attacl) acl
      union all
      select format('on sequence staging.%I', relname), acl.* from sequence, aclexplode(relacl) acl
      where grantee <> relowner
    )
    select format('grant %s %s to %s%s;', privilege_type, target,
      case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
      case when is_grantable then ' with grant option' end) as statement
    from granted
    union all
    select format('comment on %s staging.%I is %L;', kind, relname, obj_description(oid, 'pg_class')) from named
    union all
    select format('alter sequence staging.%I as %s;', relname, type) from sequence
    union all
    select format('alter table staging.%I alter %I set statistics %s;', relname, attname, attstattarget)
    from columns where attstattarget >= 0`
  return statements.map(({ statement }) => statement).join('\n')
}

/** The keys and indexes of tables. */
export const indexesOf = async (sql: Sql, names: readonly string[]): Promise<Step[]> =>
  sql<Step[]>`
    select 'index ' || class.relname as name, case
      when conname is null then replace(pg_get_indexdef(indexrelid), ' ON public.', ' ON staging.')
      else format('alter table %I add constraint %I %s', named.name, conname, pg_get_constraintdef(con.oid))
    end || format('; comment on index staging.%I is %L', class.relname, obj_description(class.oid, 'pg_class')) as sql
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
export const viewsOf = async (sql: Sql, names: readonly string[]): Promise<Step[]> => {
  const views = await sql<Step[]>`
    select relname as name, format('create view staging.%I as %s', relname, pg_get_viewdef(oid)) as sql
    from pg_class
    where relkind = 'v' and oid in (
      select ev_class from pg_rewrite join pg_depend on objid = pg_rewrite.oid and classid = 'pg_rewrite'::regclass
      where refobjid in (select name::regclass from json_array_elements_text(${JSON.stringify(names)}::json) named(name))
    )`
  return Promise.all(views.map(async ({ name, sql: made }) => ({ name, sql: `${made} ${await detailsOf(sql, name)}` })))
}
