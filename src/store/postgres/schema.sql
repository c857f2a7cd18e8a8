-- The tables of ledgers. Run it once, as the owner of the database; it can be run again.
-- Whoever appends is a member of chimera_ledger and owns nothing: rows can be added and read, never changed or removed.

create table if not exists ledger_genesis (
  origin text primary key,
  page bytea not null
);

create table if not exists ledger_entry (
  origin text not null references ledger_genesis,
  seq bigint not null check (seq >= 0),
  leaf bytea not null check (octet_length(leaf) = 32),
  prev bytea not null check (octet_length(prev) = 32),
  topic text not null,
  deploy_key text not null,
  nonce text not null,
  body jsonb not null,
  raw bytea not null check (octet_length(raw) <= 131072),
  at timestamptz not null,
  primary key (origin, seq),
  unique (origin, deploy_key, topic, nonce)
);

create table if not exists ledger_tile (
  origin text not null references ledger_genesis,
  tile_row smallint not null,
  tile_index bigint not null,
  width smallint not null check (width between 1 and 256),
  hashes bytea not null check (octet_length(hashes) = 32 * width),
  primary key (origin, tile_row, tile_index, width)
);

create table if not exists ledger_checkpoint (
  origin text not null references ledger_genesis,
  size bigint not null check (size > 0),
  root bytea not null check (octet_length(root) = 32),
  note bytea not null,
  primary key (origin, size)
);

create or replace function ledger_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on % is refused', tg_op, tg_table_name;
end
$$;

do $$
declare
  name text;
begin
  foreach name in array array['ledger_genesis', 'ledger_entry', 'ledger_tile', 'ledger_checkpoint'] loop
    execute format('drop trigger if exists refuse_change on %I', name);
    execute format('create trigger refuse_change before update or delete on %I for each row execute function ledger_refuse()', name);
    execute format('drop trigger if exists refuse_truncate on %I', name);
    execute format('create trigger refuse_truncate before truncate on %I for each statement execute function ledger_refuse()', name);
  end loop;
  if not exists (select from pg_roles where rolname = 'chimera_ledger') then
    -- Roles belong to the whole server: somebody may be setting up another database of it at this moment.
    begin
      create role chimera_ledger nologin;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
end
$$;

revoke all on ledger_genesis, ledger_entry, ledger_tile, ledger_checkpoint from public;
grant select, insert on ledger_genesis, ledger_entry, ledger_tile, ledger_checkpoint to chimera_ledger;
