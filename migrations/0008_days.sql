-- Without a template: a page of questions takes a tenth less. It relies on the DateStyle ISO, which `client` asks for.
create or replace function midnight(day date) returns text language sql stable parallel safe
  return day || 'T00:00:00.000Z';
