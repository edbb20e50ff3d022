CREATE TABLE report (seq {{.serial}}, words TEXT NOT NULL);
{{if .sqlite}}
--bun:split
CREATE VIRTUAL TABLE report_search USING fts5 (terms, content='', contentless_delete=1, tokenize='ascii');
{{end}}
{{if .pg}}
--bun:split
CREATE TABLE report_search (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL);
--bun:split
CREATE INDEX report_search_terms ON report_search USING gin (terms);
{{end}}
