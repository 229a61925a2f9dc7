-- phase: contract
ALTER TABLE products DROP COLUMN remark;
