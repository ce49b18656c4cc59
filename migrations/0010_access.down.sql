drop table ops.idempotency_keys;
drop table ops.api_keys;
