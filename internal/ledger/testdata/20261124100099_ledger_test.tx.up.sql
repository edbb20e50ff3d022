CREATE TABLE effect (id {{.serial}}, reader TEXT NOT NULL, n BIGINT NOT NULL);
