-- What a manager took of a claimed sale is asked for by the sale, at the counter.
create index posting_exception_by_claimed_sale on posting_exception (tenant, (params ->> 'of'))
  where code in ('return-of-claimed-sale', 'claim-of-returned-sale');
