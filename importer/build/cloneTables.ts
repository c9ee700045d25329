import type { Sql } from '../../db/client.ts'

/** A statement that is run once, in a transaction, on the tables in `staging`. */
export type Step = { readonly name: string; readonly sql: string }

// All definitions are read from the live tables. Their names stay unqualified: builders resolve them to `staging`
// first.

/** SQL that creates a table in `staging` like the live one, without keys and indexes. */
export const cloneTableSql = async (sql: Sql, name: string): Promise<string> => {
  const [live] = await sql<{ options: string[] | null }[]>`
    select array_to_json(reloptions) as options from pg_class where oid = ${name}::regclass`
  // Filled once and analyzed at the end: vacuum would only compete for the disk.
  const liveOptions = live?.options ? (JSON.parse(String(live.options)) as string[]) : []
  const options = [
    ...liveOptions.filter((option) => !option.startsWith('autovacuum_enabled')),
    'autovacuum_enabled = false',
  ]
  return `
    create table staging.${name} (like public.${name} including all excluding indexes);
    alter table staging.${name} set (${options.join(', ')});
    ${await cloneDetailsSql(sql, name)}`
}

/** SQL for what `like` leaves out of a table, and `create` of a view: grants, comment and statistics targets. */
const cloneDetailsSql = async (sql: Sql, name: string): Promise<string> => {
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

/** Steps that create the keys and indexes of tables. */
export const cloneIndexSteps = async (sql: Sql, names: readonly string[]): Promise<Step[]> =>
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

/** Steps that add the foreign keys of tables for new rows, and steps that check the existing rows. */
export const cloneReferenceSteps = async (
  sql: Sql,
  names: readonly string[],
): Promise<{ readonly references: Step[]; readonly checks: Step[] }> => {
  const rows = await sql<{ name: string; table: string; definition: string }[]>`
    select conname as name, named.name as table, pg_get_constraintdef(oid) as definition
    from json_array_elements_text(${JSON.stringify(names)}::json) named(name)
      join pg_constraint on conrelid = named.name::regclass and contype = 'f'`
  return {
    // In two steps, so that writes to the other table do not wait while rows are checked.
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

/** Steps that create the views of tables again, on the tables in `staging`. */
export const cloneViewSteps = async (sql: Sql, names: readonly string[]): Promise<Step[]> => {
  const views = await sql<Step[]>`
    select relname as name, format('create view staging.%I as %s', relname, pg_get_viewdef(oid)) as sql
    from pg_class
    where relkind = 'v' and oid in (
      select ev_class from pg_rewrite join pg_depend on objid = pg_rewrite.oid and classid = 'pg_rewrite'::regclass
      where refobjid in (select name::regclass from json_array_elements_text(${JSON.stringify(names)}::json) named(name))
    )`
  return Promise.all(
    views.map(async ({ name, sql: create }) => ({ name, sql: `${create} ${await cloneDetailsSql(sql, name)}` })),
  )
}
