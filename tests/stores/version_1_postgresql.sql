-- A store as schema version 1 made it, with one document. Never changed: it stands for stores that are out there.
---
CREATE TABLE schema_version (
	version INTEGER NOT NULL,
	applied_at VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (version)
)
---
CREATE TABLE runs (
	id VARCHAR COLLATE "C" NOT NULL,
	inbox VARCHAR COLLATE "C" NOT NULL,
	started_at VARCHAR COLLATE "C" NOT NULL,
	ended_at VARCHAR COLLATE "C",
	status VARCHAR COLLATE "C" NOT NULL,
	exit_code INTEGER,
	version VARCHAR COLLATE "C" NOT NULL,
	config VARCHAR COLLATE "C" NOT NULL,
	counts VARCHAR COLLATE "C",
	PRIMARY KEY (id)
)
---
CREATE INDEX runs_started ON runs (started_at)
---
CREATE TABLE documents (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	size BIGINT NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	state VARCHAR COLLATE "C" NOT NULL,
	media_type VARCHAR COLLATE "C",
	kind VARCHAR COLLATE "C",
	reason VARCHAR COLLATE "C",
	advice VARCHAR COLLATE "C",
	tries INTEGER NOT NULL,
	version VARCHAR COLLATE "C",
	config VARCHAR COLLATE "C",
	result VARCHAR COLLATE "C",
	PRIMARY KEY (sha256),
	UNIQUE (name)
)
---
CREATE INDEX documents_state ON documents (state)
---
CREATE TABLE sightings (
	inbox_key VARCHAR COLLATE "C" NOT NULL,
	path_key VARCHAR COLLATE "C" NOT NULL,
	inbox VARCHAR COLLATE "C" NOT NULL,
	path VARCHAR COLLATE "C" NOT NULL,
	stem VARCHAR COLLATE "C" NOT NULL,
	sha256 VARCHAR COLLATE "C" NOT NULL,
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
	id BIGSERIAL NOT NULL,
	sha256 VARCHAR COLLATE "C" NOT NULL,
	run_id VARCHAR COLLATE "C" NOT NULL,
	started_at VARCHAR COLLATE "C" NOT NULL,
	ended_at VARCHAR COLLATE "C",
	status VARCHAR COLLATE "C" NOT NULL,
	alone BOOLEAN NOT NULL,
	kind VARCHAR COLLATE "C",
	reason VARCHAR COLLATE "C",
	advice VARCHAR COLLATE "C",
	seconds FLOAT,
	version VARCHAR COLLATE "C",
	config VARCHAR COLLATE "C",
	result VARCHAR COLLATE "C",
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
	sha256 VARCHAR COLLATE "C" NOT NULL,
	hash VARCHAR COLLATE "C" NOT NULL,
	form VARCHAR COLLATE "C" NOT NULL,
	json VARCHAR COLLATE "C" NOT NULL,
	at VARCHAR COLLATE "C" NOT NULL,
	version VARCHAR COLLATE "C" NOT NULL,
	config VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (sha256, hash),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE corrections (
	id BIGSERIAL NOT NULL,
	sha256 VARCHAR COLLATE "C" NOT NULL,
	pointer VARCHAR COLLATE "C" NOT NULL,
	action VARCHAR COLLATE "C" NOT NULL,
	before VARCHAR COLLATE "C" NOT NULL,
	after VARCHAR COLLATE "C" NOT NULL,
	who VARCHAR COLLATE "C" NOT NULL,
	at VARCHAR COLLATE "C" NOT NULL,
	result VARCHAR COLLATE "C" NOT NULL,
	boxes VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX corrections_sha256 ON corrections (sha256)
---
CREATE TABLE notices (
	id BIGSERIAL NOT NULL,
	sha256 VARCHAR COLLATE "C" NOT NULL,
	document_type VARCHAR COLLATE "C",
	document_number VARCHAR COLLATE "C",
	parent_body VARCHAR COLLATE "C",
	issuing_body VARCHAR COLLATE "C",
	place VARCHAR COLLATE "C",
	issue_date DATE,
	subject VARCHAR COLLATE "C",
	urgency VARCHAR COLLATE "C",
	secrecy VARCHAR COLLATE "C",
	meeting_name VARCHAR COLLATE "C",
	start_date DATE,
	end_date DATE,
	location VARCHAR COLLATE "C",
	signer_title VARCHAR COLLATE "C",
	signer_name VARCHAR COLLATE "C",
	media_type VARCHAR COLLATE "C",
	text_origin VARCHAR COLLATE "C",
	page_count INTEGER,
	ocr_confidence FLOAT,
	year INTEGER,
	number_folded VARCHAR COLLATE "C",
	body_folded VARCHAR COLLATE "C",
	folded VARCHAR COLLATE "C" NOT NULL,
	marked VARCHAR COLLATE "C" NOT NULL,
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
	sha256 VARCHAR COLLATE "C" NOT NULL,
	ordinal INTEGER NOT NULL,
	role VARCHAR COLLATE "C" NOT NULL,
	name VARCHAR COLLATE "C",
	kind VARCHAR COLLATE "C",
	title VARCHAR COLLATE "C",
	organization VARCHAR COLLATE "C",
	note VARCHAR COLLATE "C",
	PRIMARY KEY (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE weaknesses (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	ordinal INTEGER NOT NULL,
	text VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE directives (
	id BIGSERIAL NOT NULL,
	sha256 VARCHAR COLLATE "C" NOT NULL,
	ordinal INTEGER NOT NULL,
	number VARCHAR COLLATE "C",
	parent INTEGER,
	text VARCHAR COLLATE "C" NOT NULL,
	folded VARCHAR COLLATE "C" NOT NULL,
	marked VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE assignees (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	directive INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	name VARCHAR COLLATE "C" NOT NULL,
	folded VARCHAR COLLATE "C" NOT NULL,
	role VARCHAR COLLATE "C" NOT NULL,
	inherited BOOLEAN NOT NULL,
	PRIMARY KEY (sha256, directive, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX assignees_folded ON assignees (folded)
---
CREATE TABLE deadlines (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	directive INTEGER NOT NULL,
	text VARCHAR COLLATE "C" NOT NULL,
	due DATE,
	recurrence VARCHAR COLLATE "C",
	PRIMARY KEY (sha256, directive),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE INDEX deadlines_due ON deadlines (due)
---
CREATE TABLE amounts (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	directive INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	text VARCHAR COLLATE "C" NOT NULL,
	vnd BIGINT,
	PRIMARY KEY (sha256, directive, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE legal_references (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	ordinal INTEGER NOT NULL,
	directive INTEGER,
	citation VARCHAR COLLATE "C" NOT NULL,
	document_type VARCHAR COLLATE "C",
	number VARCHAR COLLATE "C",
	issue_date DATE,
	issuer VARCHAR COLLATE "C",
	PRIMARY KEY (sha256, ordinal),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE evidence (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	pointer VARCHAR COLLATE "C" NOT NULL,
	quote VARCHAR COLLATE "C" NOT NULL,
	start_offset INTEGER NOT NULL,
	end_offset INTEGER NOT NULL,
	page INTEGER,
	boxes VARCHAR COLLATE "C" NOT NULL,
	confidence FLOAT NOT NULL,
	method VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (sha256, pointer),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE TABLE texts (
	sha256 VARCHAR COLLATE "C" NOT NULL,
	hash VARCHAR COLLATE "C" NOT NULL,
	text VARCHAR COLLATE "C" NOT NULL,
	PRIMARY KEY (sha256),
	FOREIGN KEY(sha256) REFERENCES documents (sha256)
)
---
CREATE FUNCTION corrections_are_added() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'corrections are only ever added'; END $$
---
CREATE TRIGGER corrections_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION corrections_are_added()
---
INSERT INTO schema_version VALUES (1, '2026-11-01T00:00:00.000000+00:00')
---
INSERT INTO documents (sha256, size, name, state, tries, version, config, result) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 5, 'cu', 'ok', 0, '1', 'c', 'h')
---
INSERT INTO notices (sha256, document_number, issue_date, folded, marked) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '1/TB', '2024-05-02', '1 tb', '1 tb')
---
INSERT INTO directives (sha256, ordinal, text, folded, marked) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 0, 'Việc đê điều', 'viec de dieu', 'việc đê điều')
