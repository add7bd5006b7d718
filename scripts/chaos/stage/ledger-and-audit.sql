-- What callables write down. `program` is the process that did it, by its connection's name.
CREATE TABLE chaos_ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- When it was sent; null where that does not matter.
  sent timestamptz,
  program text NOT NULL DEFAULT current_setting('application_name'),
  run uuid NOT NULL,
  attempt integer NOT NULL,
  call uuid NOT NULL,
  pid integer NOT NULL,
  kind text NOT NULL
);

CREATE INDEX ON chaos_ledger (program, at);
CREATE INDEX ON chaos_ledger (call);

-- Every change of a run, by the database itself. The order of one run's changes is the order of `seq`, since a row's
-- lock is held while its change is written down.
CREATE TABLE chaos_audit (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  program text NOT NULL DEFAULT current_setting('application_name'),
  run uuid NOT NULL,
  operation text NOT NULL,
  old jsonb,
  new jsonb
);

CREATE FUNCTION chaos_ms(instant timestamptz) RETURNS float8 IMMUTABLE LANGUAGE sql
  RETURN extract(epoch FROM instant)::float8 * 1000;

CREATE FUNCTION chaos_seen(r sisy_task_run) RETURNS jsonb IMMUTABLE LANGUAGE sql RETURN jsonb_build_object(
  'callable', r.callable, 'taskId', r."taskId", 'state', r.state, 'attempt', r.attempt, 'maxAttempts', r."maxAttempts",
  'activeKey', r."activeKey", 'workerId', r."workerId", 'leaseToken', r."leaseToken",
  'leaseUntil', chaos_ms(r."leaseUntil"), 'dueAt', chaos_ms(r."dueAt"), 'startedAt', chaos_ms(r."startedAt"),
  'finishedAt', chaos_ms(r."finishedAt"), 'cancelRequestedAt', chaos_ms(r."cancelRequestedAt"),
  'savedBy', r.userdata ->> 'call', 'resultOf', r.result ->> 'call',
  'entries', coalesce(jsonb_array_length(r.attempts), 0), 'lastEntry', r.attempts -> -1 #- '{error,stack}'
);

CREATE FUNCTION chaos_write_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chaos_audit (run, operation, old, new) VALUES (
    coalesce(NEW.id, OLD.id), TG_OP,
    CASE WHEN TG_OP <> 'INSERT' THEN chaos_seen(OLD) END,
    CASE WHEN TG_OP <> 'DELETE' THEN chaos_seen(NEW) END
  );
  RETURN NULL;
END $$;

CREATE TRIGGER chaos_audit AFTER INSERT OR UPDATE OR DELETE ON sisy_task_run
  FOR EACH ROW EXECUTE FUNCTION chaos_write_down();

-- A disk that is full, as programs see it: every write fails with the error that PostgreSQL gives then.
CREATE TABLE chaos_disk (is_full boolean NOT NULL);
INSERT INTO chaos_disk VALUES (false);

CREATE FUNCTION chaos_refuse_on_full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT is_full FROM chaos_disk) THEN
    RAISE 'could not extend file "base/16384/16385": No space left on device' USING ERRCODE = 'disk_full';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER chaos_disk BEFORE INSERT OR UPDATE ON sisy_task
  FOR EACH STATEMENT EXECUTE FUNCTION chaos_refuse_on_full_disk();
CREATE TRIGGER chaos_disk BEFORE INSERT OR UPDATE ON sisy_task_run
  FOR EACH STATEMENT EXECUTE FUNCTION chaos_refuse_on_full_disk();
CREATE TRIGGER chaos_disk BEFORE INSERT OR UPDATE ON sisy_task_worker
  FOR EACH STATEMENT EXECUTE FUNCTION chaos_refuse_on_full_disk();
CREATE TRIGGER chaos_disk BEFORE INSERT OR UPDATE ON chaos_ledger
  FOR EACH STATEMENT EXECUTE FUNCTION chaos_refuse_on_full_disk();
