import { afterAll, describe, expect, test } from 'vitest';
import type { LocalFact } from '#till/database.ts';
import { aFolder, aRecord, openDatabase, removeFolders } from '#test/till/support/a-till.ts';

afterAll(removeFolders);

const fact = (seq: number, member: string | null, atMs = 1_000): LocalFact => ({
  seq,
  member,
  atMs,
  day: '2026-11-21',
  visits: 1,
  spendMinor: 5000,
  units: 1,
  uses: [{ programme: 'points', id: 'base', times: 1, points: 50 }],
  earned: { points: [50, 50] },
  tiers: {},
  memberships: { club: 2_000, gone: null },
  told: ['tier-points-gold'],
  spent: ['v-1'],
});

const open = () => {
  const database = openDatabase(`${aFolder()}/till`);
  const write = (work: Parameters<typeof database.write>[0]): void => {
    expect(database.write(work)).toMatchObject({ ok: true });
  };
  return { database, read: database.read, write };
};

describe('facts at the till', () => {
  test('what a record says of visits, uses, standings and vouchers is read back as it came', () => {
    const { database, read, write } = open();
    const record = aRecord({
      birthday: '02-29',
      enrolledOn: '2026-01-02',
      segments: ['students'],
      visits: 7,
      lastSaleAtMs: 5,
      standings: [
        {
          programme: 'points',
          tier: 'gold',
          measures: { 'earned-points': 2100 },
          measuredFrom: '2026-01-01',
          membershipUntilMs: null,
          enabled: true,
        },
      ],
    });
    write((writes) => writes.saveMember(record));
    const { identifiers: _, ...kept } = record;
    expect(read.member('m-ayse')).toMatchObject(kept);
    write((writes) => writes.saveMember({ ...record, version: 0, visits: 1 }));
    expect(read.member('m-ayse')?.visits).toBe(7);
    database.close();
  });

  test('own sales wait until they are acknowledged and a later record is there', () => {
    const { database, read, write } = open();
    write((writes) => {
      writes.saveMember(aRecord());
      writes.addLocalFact(fact(1, 'm-ayse'));
      writes.addLocalFact(fact(2, 'm-ayse'));
      writes.addLocalFact(fact(3, null));
    });
    expect(read.localFacts('m-ayse')).toEqual([fact(1, 'm-ayse'), fact(2, 'm-ayse')]);
    write((writes) => writes.dropLocalFactsThrough(1, 0));
    expect(read.localFacts('m-ayse')).toHaveLength(2);
    write((writes) => {
      writes.saveMember(aRecord({ version: 2 }));
      writes.dropLocalFactsThrough(1, 0);
    });
    expect(read.localFacts('m-ayse')).toEqual([fact(2, 'm-ayse')]);
    write((writes) => writes.dropLocalFactsThrough(3, 0));
    expect(read.allLocalFacts()).toEqual([]);
    database.close();
  });

  test('what a transaction noted and did not commit was never there', () => {
    const { database, read, write } = open();
    write((writes) => writes.addLocalFact(fact(1, 'm-ayse')));
    expect(read.localFacts('m-ayse')).toEqual([fact(1, 'm-ayse')]);
    const fails = () =>
      database.write((writes) => {
        writes.addLocalFact(fact(2, 'm-bora'));
        expect(writes.allLocalFacts()).toHaveLength(2);
        throw new Error('changed its mind');
      });
    expect(fails).toThrow('changed its mind');
    expect(read.allLocalFacts()).toEqual([fact(1, 'm-ayse')]);
    write((writes) => writes.addLocalFact(fact(2, null)));
    expect(read.allLocalFacts()).toEqual([fact(1, 'm-ayse'), fact(2, null)]);
    expect(read.localFacts('m-bora')).toEqual([]);
    const dropsAndFails = () =>
      database.write((writes) => {
        writes.dropLocalFactsThrough(2, 2_000);
        expect(writes.allLocalFacts()).toEqual([]);
        throw new Error('changed its mind');
      });
    expect(dropsAndFails).toThrow('changed its mind');
    expect(read.allLocalFacts()).toHaveLength(2);
    database.close();
  });

  test("those of a merged member are the other one's", () => {
    const { database, read, write } = open();
    write((writes) => {
      writes.addLocalFact(fact(1, 'm-ayse'));
      writes.addLocalFact(fact(2, 'm-bora'));
    });
    expect(read.localFacts('m-ayse')).toHaveLength(1);
    write((writes) => writes.mergeMember('m-ayse', 'm-bora'));
    expect(read.localFacts('m-ayse')).toEqual([]);
    expect(read.localFacts('m-bora')).toEqual([fact(1, 'm-bora'), fact(2, 'm-bora')]);
    database.close();
  });

  test('an acknowledged one whose record never comes goes with its time', () => {
    const { database, read, write } = open();
    write((writes) => {
      writes.saveMember(aRecord());
      writes.addLocalFact(fact(1, 'm-ayse', 1_000));
      writes.addLocalFact(fact(2, 'm-ayse', 9_000));
      writes.dropLocalFactsThrough(2, 5_000);
    });
    expect(read.localFacts('m-ayse').map(({ seq }) => seq)).toEqual([2]);
    database.close();
  });

  test('a merge hands them to the member it was', () => {
    const { database, read, write } = open();
    write((writes) => {
      writes.saveMember(aRecord({ member: 'm-new', identifiers: [] }));
      writes.saveMember(aRecord());
      writes.addLocalFact(fact(1, 'm-new'));
      writes.mergeMember('m-new', 'm-ayse');
    });
    expect(read.localFacts('m-ayse')).toEqual([fact(1, 'm-ayse')]);
    expect(read.localFacts('m-new')).toEqual([]);
    database.close();
  });

  test('budgets and shared limits are the server’s last word, whole', () => {
    const { database, read, write } = open();
    expect(read.programmesKnown()).toBeNull();
    const first = {
      asOfMs: 1,
      programmes: [{ programme: 'points', givenPoints: 10, uses: [] }],
    };
    write((writes) => writes.saveProgrammesKnown(first));
    expect(read.programmesKnown()).toEqual(first);
    write((writes) => writes.saveProgrammesKnown({ asOfMs: 2, programmes: [] }));
    expect(read.programmesKnown()).toEqual({ asOfMs: 2, programmes: [] });
    database.close();
  });
});
