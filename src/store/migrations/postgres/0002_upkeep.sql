-- What operations order, what is erased, and the figures that stay.

-- Set where a person ordered it by the command line: `kind` then says what.
ALTER TABLE deliveries ADD COLUMN ordered_by TEXT;

-- When all that was known of the customer was erased. A case that changed later has something to erase again.
ALTER TABLE cases ADD COLUMN erased_at BIGINT;

-- How often what happened, by the day in Korea, in journals that were erased.
CREATE TABLE figures (
    day   TEXT   NOT NULL,
    name  TEXT   NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, name)
);
