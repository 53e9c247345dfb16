-- Cases that were claimed again and again without a step, few or none: each claim looks for them, the least suspected first.
CREATE INDEX cases_by_fruitless_claims ON cases (fruitless_claims, (coalesce(lease_until, due_at)))
    WHERE fruitless_claims > 2;
