import type { TillReads, TillWrites } from '#till/database.ts';
import * as counter from './counter-rows.ts';
import * as facts from './fact-rows.ts';
import * as grants from './grant-rows.ts';
import type { ReadableDb, WritableDb } from './handles.ts';
import * as journal from './journal-rows.ts';
import type { MemberSeal } from './member-keys.ts';
import * as members from './member-rows.ts';
import { changePinTries, readPinTries } from './pin-rows.ts';

/** The till's questions over whichever connection is open at the moment of asking. */
export function tillReads(db: () => ReadableDb, persons: MemberSeal): TillReads {
  return {
    config: () => journal.readConfig(db()),
    programmeVersion: (programme, version) =>
      journal.readProgrammeVersion(db(), programme, version),
    syncState: () => journal.readSyncState(db()),
    head: () => journal.readHead(db()),
    entriesAfter: (after, limit) => journal.readEntriesAfter(db(), after, limit),
    entriesBetween: (first, last) => journal.readEntriesBetween(db(), first, last),
    entriesOfDay: (day, after, limit) => journal.readEntriesOfDay(db(), day, after, limit),
    hashAt: (seq) => journal.readHashAt(db(), seq),
    waitingAfter: (seq) => counter.readWaitingAfter(db(), seq),
    member: (member) => members.readMember(db(), persons, member),
    memberByIdentifier: (hash) => members.readMemberByIdentifier(db(), persons, hash),
    localMovements: (member) => members.readLocalMovements(db(), member),
    localFacts: (member) => facts.readLocalFacts(db(), member),
    allLocalFacts: () => facts.readAllLocalFacts(db()),
    programmesKnown: () => facts.readProgrammesKnown(db()),
    profile: (member) => members.readProfile(db(), persons, member),
    waitingProfiles: (limit) => members.readWaitingProfiles(db(), persons, limit),
    draft: () => counter.readDraft(db()),
    draftReturn: () => counter.readDraftReturn(db()),
    saleByTx: (tx) => counter.readSaleByTx(db(), tx),
    saleByReceipt: (receipt) => counter.readSaleByReceipt(db(), receipt),
    returnsOf: (tx) => counter.readReturnsOf(db(), tx),
    lastSale: () => counter.readLastSale(db()),
    claimOf: (sale) => counter.readClaimOf(db(), sale),
    printJob: (job) => counter.readPrintJob(db(), job),
    printJobsOf: (sale) => counter.readPrintJobsOf(db(), sale),
    openPrintJobs: (state, limit) => counter.readOpenPrintJobs(db(), state, limit),
    openShift: () => counter.readOpenShift(db()),
    lastShiftNumber: () => counter.readLastShiftNumber(db()),
    shifts: (limit) => counter.readShifts(db(), limit),
    grantByRequest: (request) => grants.readGrantByRequest(db(), request),
    grantByRef: (grant) => grants.readGrantByRef(db(), grant),
    openGrants: () => grants.readOpenGrants(db()),
    parkedSales: () => counter.readParked(db()),
    openGrantsOf: (member) => grants.readOpenGrantsOf(db(), member),
    pinTries: () => readPinTries(db()),
    isNeverAccepted: (grant) => grants.readNeverAccepted(db(), grant),
  };
}

/** The till's changes over the connection whose transaction is open. */
export function tillWrites(db: () => WritableDb, persons: MemberSeal): TillWrites {
  return {
    ...tillReads(db, persons),
    saveConfig: (config) => journal.writeConfig(db(), config),
    saveProgrammeVersion: (known) => journal.writeProgrammeVersion(db(), known),
    saveSyncState: (change) => journal.writeSyncState(db(), change),
    appendEntry: (row) => journal.appendEntry(db(), row),
    saveSurveyed: (member, atMs) => members.writeSurveyed(db(), member, atMs),
    saveMember: (record) => members.writeMember(db(), persons, record),
    saveIdentifier: (member, identifier) => members.writeIdentifier(db(), member, identifier),
    saveBalance: (balance) => members.writeBalance(db(), balance),
    mergeMember: (from, into) => members.mergeMember(db(), from, into),
    addMovement: (seq, member, programme, points) =>
      members.addMovement(db(), seq, member, programme, points),
    dropMovementsThrough: (seq) => members.dropMovements(db(), seq),
    addLocalFact: (fact) => facts.addLocalFact(db(), fact),
    dropLocalFactsThrough: (seq, beforeMs) => facts.dropLocalFacts(db(), seq, beforeMs),
    saveProgrammesKnown: (known) => facts.writeProgrammesKnown(db(), known),
    saveProfile: (profile) => members.writeProfile(db(), persons, profile),
    acknowledgeProfile: (member, version) => members.acknowledgeProfile(db(), member, version),
    parkSale: (row) => counter.writeParked(db(), row),
    dropParked: (sale) => counter.dropParked(db(), sale),
    saveDraft: (json) => counter.writeDraft(db(), json),
    saveDraftReturn: (json) => counter.writeDraftReturn(db(), json),
    saveSale: (row) => counter.writeSale(db(), row),
    saveClaim: (row) => counter.writeClaim(db(), row),
    savePrintJob: (job) => counter.writePrintJob(db(), job),
    updatePrintJob: (job, progress) => counter.updatePrintJob(db(), job, progress),
    saveShift: (row) => counter.writeShift(db(), row),
    saveGrant: (row) => grants.writeGrant(db(), row),
    changePinTries: (change) => changePinTries(db(), change),
    beginLife(epoch) {
      journal.writeSyncState(db(), { epoch, cursor: null });
      members.forgetVersions(db());
    },
    markNeverAccepted: (grant) => grants.writeNeverAccepted(db(), grant),
  };
}
