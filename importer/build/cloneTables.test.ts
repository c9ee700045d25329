import { expect, test } from 'vitest'
import { productsOf, question, questions, useImporter } from '../test/importer.ts'

const importer = useImporter()

/** The catalog entries of the relations in `public`, by kind, without oids. */
const structure = async () => {
  const of = async (query: string) => (await importer.sql.unsafe(query)).map((row) => JSON.stringify(row)).toSorted()
  const relations = `pg_class where relnamespace = 'public'::regnamespace`
  return {
    relations: await of(`
      select relname, relkind, relpersistence, reloptions, obj_description(oid) as comment, pg_get_userbyid(relowner) as owner,
        array(select item::text from unnest(relacl) item order by 1) as granted
      from ${relations}`),
    columns: await of(`
      select relname, attname, attnum, atttypid::regtype, attnotnull, attidentity, attgenerated, attstorage, attstattarget,
        array(select item::text from unnest(attacl) item order by 1) as granted,
        pg_get_expr(adbin, adrelid) as value, col_description(attrelid, attnum) as comment
      from (select * from ${relations} and relkind in ('r', 'v', 'i')) class join pg_attribute on attrelid = class.oid
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attnum > 0`),
    constraints: await of(`
      select conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated
      from pg_constraint where connamespace = 'public'::regnamespace`),
    indexes: await of(`select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'`),
    views: await of(`select viewname, definition from pg_views where schemaname = 'public'`),
    sequences: await of(`
      select sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size,
        (select format('%s %s', refobjid::regclass, attname) from pg_depend join pg_attribute
          on attrelid = refobjid and attnum = refobjsubid where objid = sequencename::regclass and deptype = 'i') as owner
      from pg_sequences where schemaname = 'public'`),
    functions: await of(`
      select proname, pg_get_function_identity_arguments(oid) from pg_proc where pronamespace = 'public'::regnamespace`),
    triggers: await of(`select tgrelid::regclass, tgname from pg_trigger where not tgisinternal`),
    schemas: await of(`select nspname, nspacl from pg_namespace where nspname !~ '^pg_(toast|temp)'`),
  }
}

test('tables have the grants, options, comments, keys, references, indexes and views that they had', async () => {
  const role = `reader_${process.pid}`
  await importer.sql.unsafe(`
    create role ${role};
    grant select, insert on all tables in schema public to ${role};
    grant usage on sequence reviews_review_id_seq to ${role};
    grant update (helpfulness, reported) on reviews to ${role};
    grant select on products to ${role} with grant option;
    grant select on built_style_documents to public;
    alter table reviews set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
    alter table photos alter column url set statistics 500;
    comment on table reviews is 'Reviews, "quoted"; it''s all here';
    comment on index reviews_by_date is 'newest first'`)
  try {
    const before = await structure()
    const set = { 'product.csv': productsOf(1, 2), 'questions.csv': questions(question(4, 1)) }
    await importer.run(set)
    expect(await structure()).toEqual(before)
    await importer.run(set, { isFresh: true })
    await importer.run({ 'questions.csv': questions(question(2, 1)) })
    expect(await structure()).toEqual(before)
  } finally {
    await importer.sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  }
})

test('a table that is not vacuumed by itself is imported as any other', async () => {
  await importer.sql`alter table products set (autovacuum_enabled = false)`
  await importer.run({ 'product.csv': productsOf(1) })
  expect(await importer.stored('products', 'product_id', '1')).toEqual([[1]])
})

test('ids are given once, also those of rows that an import replaced', async () => {
  const ask = async (): Promise<number> => {
    const [row] = await importer.sql`
      insert into questions (product_id, question_body, asker_name) values (1, 'Mine?', 'eve') returning question_id`
    return row?.question_id as number
  }
  await importer.run({ 'product.csv': productsOf(1), 'questions.csv': questions(question(10, 1)) })
  const first = [await ask(), await ask()]
  await importer.run({ 'product.csv': productsOf(1), 'questions.csv': questions(question(1, 1)) }, { isFresh: true })
  const second = [await ask(), await ask()]
  expect([...first, ...second]).toEqual([11, 12, 13, 14])
})
