CREATE INDEX ledger_entry_corrects ON ledger_entry (corrects) WHERE corrects <> '';
--bun:split
CREATE INDEX ledger_entry_actor ON ledger_entry (actor, seq) WHERE actor <> '';
