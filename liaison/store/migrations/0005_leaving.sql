-- Which PC wrote what is set apart (its lives are counted together), and the attachments that were
-- erased and still lie where the PCs meet.

ALTER TABLE quarantine ADD COLUMN pc INTEGER;

UPDATE quarantine SET pc = (SELECT r.pc FROM replica AS r WHERE r.tag = quarantine.tag);

CREATE INDEX quarantine_place ON quarantine (tag, seq);

CREATE TABLE blob_leaving (
    id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
