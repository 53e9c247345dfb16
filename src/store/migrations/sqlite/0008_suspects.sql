-- Cases that were claimed again and again without a step, few or none: each claim looks for them.
CREATE INDEX cases_by_fruitless_claims ON cases (fruitless_claims) WHERE fruitless_claims > 2;
