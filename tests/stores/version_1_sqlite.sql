-- A store as schema version 1 made it, with one document. Never changed: it stands for stores that are out there.
---
CREATE TABLE schema_version (
	version INTEGER NOT NULL,
	applied_at TEXT NOT NULL,
	PRIMARY KEY (version)
)
---
CREATE TABLE runs (
	id TEXT NOT NULL,
	inbox TEXT NOT NULL,
	started_at TEXT NOT NULL,
	ended_at TEXT,
	status TEXT NOT NULL,
	exit_code INTEGER,
	version TEXT NOT NULL,
	config TEXT NOT NULL,
	counts TEXT,
	PRIMARY KEY (id)
)
---
CREATE INDEX runs_started ON runs (started_at)
---
CREATE TABLE documents (
	sha256 TEXT NOT NULL,
	size BIGINT NOT NULL,
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	media_type TEXT,
	kind TEXT,
	reason TEXT,
	advice TEXT,
	tries INTEGER NOT NULL,
	version TEXT,
	config TEXT,
	result TEXT,
	PRIMARY KEY (sha256),
	UNIQUE (name)
)
---
CREATE INDEX documents_state ON documents (state)
---
CREATE TABLE sightings (
	inbox_key TEXT NOT NULL,
	path_key TEXT NOT NULL,
	inbox TEXT NOT NULL,
	path TEXT NOT NULL,
	stem TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	size BIGINT NOT NULL,
	mtime_ns BIGINT NOT NULL,
	inode BIGINT NOT NULL,
	page INTEGER NOT NULL,
	PRIMARY KEY (inbox_key, path_key)
)
---
CREATE INDEX sightings_sha256 ON sightings (sha256)
---
CREATE INDEX sightings_stem ON sightings (stem)
---
CREATE TABLE attempts (
	id INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	run_id TEXT NOT NULL,
	started_at TEXT NOT NULL,
	ended_at TEXT,
	status TEXT NOT NULL,
	alone BOOLEAN NOT NULL,
	kind TEXT,
	reason TEXT,
	advice TEXT,
	seconds FLOAT,
	version TEXT,
	config TEXT,
	result TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX attempts_run ON attempts (run_id)
---
CREATE INDEX attempts_sha256 ON attempts (sha256, ended_at)
---
CREATE INDEX attempts_status ON attempts (status)
---
CREATE TABLE results (
	sha256 TEXT NOT NULL,
	hash TEXT NOT NULL,
	form TEXT NOT NULL,
	json TEXT NOT NULL,
	at TEXT NOT NULL,
	version TEXT NOT NULL,
	config TEXT NOT NULL,
	PRIMARY KEY (sha256, hash),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE corrections (
	id INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	pointer TEXT NOT NULL,
	action TEXT NOT NULL,
	"before" TEXT NOT NULL,
	"after" TEXT NOT NULL,
	who TEXT NOT NULL,
	at TEXT NOT NULL,
	result TEXT NOT NULL,
	boxes TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX corrections_sha256 ON corrections (sha256)
---
CREATE TABLE notices (
	id INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	document_type TEXT,
	document_number TEXT,
	parent_body TEXT,
	issuing_body TEXT,
	place TEXT,
	issue_date DATE,
	subject TEXT,
	urgency TEXT,
	secrecy TEXT,
	meeting_name TEXT,
	start_date DATE,
	end_date DATE,
	location TEXT,
	signer_title TEXT,
	signer_name TEXT,
	media_type TEXT,
	text_origin TEXT,
	page_count INTEGER,
	ocr_confidence FLOAT,
	year INTEGER,
	number_folded TEXT,
	body_folded TEXT,
	folded TEXT NOT NULL,
	marked TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (sha256),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX notices_body ON notices (body_folded, issue_date)
---
CREATE INDEX notices_issue_date ON notices (issue_date)
---
CREATE INDEX notices_number ON notices (number_folded, issue_date)
---
CREATE INDEX notices_year ON notices (year)
---
CREATE TABLE participants (
	sha256 TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	role TEXT NOT NULL,
	name TEXT,
	kind TEXT,
	title TEXT,
	organization TEXT,
	note TEXT,
	PRIMARY KEY (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE weaknesses (
	sha256 TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE directives (
	id INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	number TEXT,
	parent INTEGER,
	text TEXT NOT NULL,
	folded TEXT NOT NULL,
	marked TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE assignees (
	sha256 TEXT NOT NULL,
	directive INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	name TEXT NOT NULL,
	folded TEXT NOT NULL,
	role TEXT NOT NULL,
	inherited BOOLEAN NOT NULL,
	PRIMARY KEY (sha256, directive, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX assignees_folded ON assignees (folded)
---
CREATE TABLE deadlines (
	sha256 TEXT NOT NULL,
	directive INTEGER NOT NULL,
	text TEXT NOT NULL,
	due DATE,
	recurrence TEXT,
	PRIMARY KEY (sha256, directive),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX deadlines_due ON deadlines (due)
---
CREATE TABLE amounts (
	sha256 TEXT NOT NULL,
	directive INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	text TEXT NOT NULL,
	vnd BIGINT,
	PRIMARY KEY (sha256, directive, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE legal_references (
	sha256 TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	directive INTEGER,
	citation TEXT NOT NULL,
	document_type TEXT,
	number TEXT,
	issue_date DATE,
	issuer TEXT,
	PRIMARY KEY (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE evidence (
	sha256 TEXT NOT NULL,
	pointer TEXT NOT NULL,
	quote TEXT NOT NULL,
	start_offset INTEGER NOT NULL,
	end_offset INTEGER NOT NULL,
	page INTEGER,
	boxes TEXT NOT NULL,
	confidence FLOAT NOT NULL,
	method TEXT NOT NULL,
	PRIMARY KEY (sha256, pointer),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE texts (
	sha256 TEXT NOT NULL,
	hash TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (sha256),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END
---
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
    BEGIN SELECT RAISE(ABORT, 'corrections are only ever added'); END
---
INSERT INTO schema_version VALUES (1, '2026-11-01T00:00:00.000000+00:00')
---
INSERT INTO documents (sha256, size, name, state, tries, version, config, result) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 5, 'cu', 'ok', 0, '1', 'c', 'h')
---
INSERT INTO notices (sha256, document_number, issue_date, folded, marked) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '1/TB', '2024-05-02', '1 tb', '1 tb')
---
INSERT INTO directives (sha256, ordinal, text, folded, marked) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 0, 'Việc đê điều', 'viec de dieu', 'việc đê điều')
