ALTER TABLE tip_tip ADD COLUMN due_from TIMESTAMPTZ;
--bun:split
ALTER TABLE tip_tip ADD COLUMN asker TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE tip_tip ADD COLUMN escalated BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
ALTER TABLE tip_tip ADD COLUMN insufficient BOOLEAN NOT NULL DEFAULT FALSE;
--bun:split
ALTER TABLE tip_tip ADD COLUMN concluded_office TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE tip_tip ADD COLUMN hand_to TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE tip_tip ADD COLUMN hazard_status TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE tip_tip ADD COLUMN erasure TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE tip_tip ADD COLUMN late_noted TIMESTAMPTZ;
--bun:split
CREATE INDEX tip_due ON tip_tip (due_kind, due) WHERE due IS NOT NULL;
--bun:split
CREATE INDEX tip_by_status ON tip_tip (status, due);
--bun:split
CREATE INDEX tip_near ON tip_tip (unit_id, seq) WHERE unit_id <> '';
--bun:split
CREATE INDEX tip_at_place ON tip_tip (place, class, seq);
--bun:split
CREATE INDEX tip_opening_by_person ON tip_opening (person, at);
