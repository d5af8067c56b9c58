-- Every version of a programme any shop of the tenant ever had: a refund needs the one of its sale.
create table programme_version (
  tenant text not null,
  programme text not null,
  version integer not null check (version > 0),
  -- The whole document, as the contract has it. Versions never change.
  document jsonb not null,
  primary key (tenant, programme, version)
);

-- Kept by the database itself, so that no way of saving a shop can forget it. A semicolon at the end of
-- a line ends a statement of this file: the function's own stand elsewhere.
create function keep_programme_versions() returns trigger language plpgsql as $$
begin
  insert into programme_version (tenant, programme, version, document)
  select new.tenant, entry ->> 'id', (entry ->> 'version')::integer, entry
    from jsonb_array_elements(new.config -> 'programmes') as entry
      on conflict do nothing; return null; end
$$;

create trigger store_programme_versions
after insert or update of config on store
for each row execute function keep_programme_versions();
