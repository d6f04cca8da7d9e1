// What the officer's device keeps, and how it brings it in when the network is back.
// One rule: nothing is dropped here before its receipt is here; whatever is sent may be sent again.
const DATABASE = "mingjing-round";
const STORES = ["own", "queue", "files", "receipts", "leads", "drafts"];
const API = "/round/api";
const SLICE_BYTES = 1024 * 1024;
const LOOK_MS = 60_000; // how often the service is asked what became of a report that lies there
export const LOST = { detail: "本机已没有这张照片。 A photo is no longer on this device.", remedy: "请联系主管。 Tell your supervisor." };
const TWIN = "此任务的报告已保存在本机；要改请按“更正”。 Its report is on this device already: press Correct to change it.";
const ENDED = new Set([404, 410]); // of an upload: what lapsed is declared anew

export class SignInNeeded extends Error {}
export class NetworkAway extends Error {}
export class ServiceFailed extends NetworkAway {} // over one thing: the others go on

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 3);
    asked.onupgradeneeded = () => STORES.filter((name) => !asked.result.objectStoreNames.contains(name))
      .forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function within(name, mode, act) {
  const transaction = (await database()).transaction(name, mode);
  const asked = act(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

async function together(names, act) {
  const transaction = (await database()).transaction(names, "readwrite");
  act(...names.map((name) => transaction.objectStore(name)));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const keep = (name, key, value) => within(name, "readwrite", (store) => store.put(value, key));
export const kept = (name, key) => within(name, "readonly", (store) => store.get(key));
export const all = (name) => within(name, "readonly", (store) => store.getAll());
export const drop = (name, key) => within(name, "readwrite", (store) => store.delete(key));

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20, 32].map((end, n, ends) => hex.slice(n ? ends[n - 1] : 0, end)).join("-");
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
}

async function base64OfDigest(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
}

export async function ask(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(API + path, { method, body, headers, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new NetworkAway();
  }
  if (answer.status === 401) throw new SignInNeeded();
  if (answer.status === 500) throw new ServiceFailed();
  if (answer.status > 500 || answer.status === 429) throw new NetworkAway();
  return answer;
}

export const json = (value) => [JSON.stringify(value), { "Content-Type": "application/json" }];

// The round, as the service says now; as it said last where there is no network.
export async function ownRound() {
  const before = await kept("own", "round");
  try {
    const answer = await ask("GET", "/round", undefined, before ? { "If-None-Match": before.tag } : {});
    if (answer.status === 304) return { ...before, isFresh: true };
    if (!answer.ok) throw new NetworkAway();
    const found = { tag: answer.headers.get("ETag") ?? "", round: await answer.json() };
    await keep("own", "round", found);
    return { ...found, isFresh: true };
  } catch (trouble) {
    if (!before || !(trouble instanceof NetworkAway)) throw trouble;
    return { ...before, isFresh: false };
  }
}

export const keyOf = (item) => item.partId ?? item.visitId; // a report's part has the visit's id, a correction its own

// A finished report or correction, written down with its files at once, before anything is sent.
export async function enqueue(officer, document, files, about) {
  const { visitId, partId = visitId, kind = "REPORT" } = about;
  const content = new TextEncoder().encode(JSON.stringify(document));
  const parts = [];
  const contents = [];
  for (const { blob, digest } of files) {
    const bytes = await blob.arrayBuffer();
    contents.push([digest, { bytes, type: blob.type }]);
    parts.push({ part_id: newId(), visit_id: visitId, kind: "EVIDENCE", sha256: digest, size_bytes: bytes.byteLength });
  }
  const own = { part_id: partId, visit_id: visitId, kind, sha256: await sha256(content), size_bytes: content.length };
  const item = {
    ...about, partId, kind, officer, content, observation: document.observation, bundleId: newId(), parts: [own, ...parts],
    sent: [], stage: "WAITING", savedAt: new Date().toISOString(), said: "",
  };
  let isTwin = false;
  const isReport = (one) => (one.kind ?? "REPORT") === "REPORT" && one.stage !== "DISMISSED";
  const written = together(["queue", "files"], (queue, store) => {
    for (const [digest, file] of contents) store.put(file, digest);
    queue.getAll().onsuccess = ({ target }) => {
      isTwin = isReport(item) && target.result.some((one) => isReport(one) && one.taskId === item.taskId);
      if (isTwin) return queue.transaction.abort(); // saved in another window: neither lost under this one, nor doubled
      item.place = 1 + Math.max(0, ...target.result.map((one) => one.place ?? 0));
      queue.put(item, partId);
    };
  });
  await written.catch((trouble) => { throw isTwin ? new Error(TWIN) : trouble; });
  return item;
}

// A lead with its photos: none of them is dropped with another's before the lead that needs it is here.
export const enqueueLead = (lead, contents) => together(["leads", "files"], (leads, store) => {
  for (const [digest, file] of contents) store.put(file, digest);
  leads.put(lead, lead.leadId);
});

// Photos of what is done; one of a report or a lead that is on its way stays, for it may be the same picture.
export const release = (parts, own) => together(["queue", "leads", "files"], (queue, leads, store) => {
  queue.getAll().onsuccess = ({ target: { result: reports } }) => {
    leads.getAll().onsuccess = ({ target: { result: others } }) => {
      const waiting = [...reports, ...others].filter((one) => one.stage !== "DONE" && (one.leadId ?? keyOf(one)) !== own);
      const needed = new Set(waiting.flatMap((one) => one.parts.map((part) => part.sha256)));
      for (const part of parts) if (!needed.has(part.sha256)) store.delete(part.sha256);
    };
  };
});

const UNDER_WAY = ["WAITING", "TAKEN"]; // sent, whole, until it is done
const LYING = ["HELD", "ASIDE", "CONTESTED"]; // with the service, where what it waits for, or a supervisor, may come

// The order of saving, which no clock can turn round. What an older page saved has no place; then a report comes first.
export function inOrder(one, other) {
  const rank = ({ kind = "REPORT" }) => (kind === "REPORT" ? 0 : 1);
  return (one.place ?? 0) - (other.place ?? 0) || rank(one) - rank(other) || one.savedAt.localeCompare(other.savedAt);
}

// What of this officer is to be sent, in the order of saving, for a correction that overtakes its report is held.
// What lies with the service is sent anew only by hand; by itself it is followed. Says how many it sent.
export async function synchronise(officer, changed, isByHand = false) {
  let done = 0;
  const mine = (await all("queue")).filter((one) => one.officer === officer).sort(inOrder);
  await eachApart(mine, (one) => one.visitId, async (item) => {
    const isSent = UNDER_WAY.includes(item.stage) || (isByHand && LYING.includes(item.stage));
    const isBrought = isSent ? await bring(item, changed) : LYING.includes(item.stage) && (await follow(item, changed));
    if (isBrought) done += 1;
  });
  return done;
}

// In order; where the service fails over one, what hangs on it waits, and the others go on.
export async function eachApart(items, hangsOn, act) {
  const failed = new Map();
  for (const item of items) {
    if (failed.has(hangsOn(item))) continue;
    try {
      await act(item);
    } catch (trouble) {
      if (!(trouble instanceof ServiceFailed)) throw trouble;
      failed.set(hangsOn(item), trouble);
    }
  }
  for (const trouble of failed.values()) throw trouble;
}

// Another window may be ahead of this one: what it has finished, or cleared away, stays so.
export const note = (name, key, item) => within(name, "readwrite", (store) => {
  const asked = store.get(key);
  asked.onsuccess = () => {
    const stands = asked.result;
    if (!stands || stands.stage === "DONE") return;
    item.sent = [...new Set([...stands.sent, ...item.sent])];
    store.put(item, key);
  };
  return asked;
});

const missingFiles = (item) => item.parts.filter((one) => one.kind === "EVIDENCE" && !item.sent.includes(one.part_id));
const lookedAt = new Map();

// A report that lies with the service: its photos go on, and once it is settled, so does the rest of it.
async function follow(item, changed) {
  const before = lookedAt.get(keyOf(item));
  const isAgain = before === undefined || performance.now() - before >= LOOK_MS;
  if (!isAgain && !missingFiles(item).length) return false;
  if (isAgain) {
    const answer = await ask("GET", `/bundles/${item.bundleId}`);
    lookedAt.set(keyOf(item), performance.now());
    if (!answer.ok) return (await said(item, await answer.json(), changed), false);
    const own = (await answer.json()).parts.find((one) => one.part_id === keyOf(item));
    if (own?.stage !== item.stage) return bring(item, changed);
  }
  return missingFiles(item).length > 0 && bringFiles(item, changed);
}

// Whether the service has it now; why not is said with the item.
async function bring(item, changed) {
  const manifest = { officer: item.officer, parts: item.parts, device: navigator.userAgent.slice(0, 200), device_sent_at: new Date().toISOString() };
  const declared = await ask("PUT", `/bundles/${item.bundleId}`, ...json(manifest));
  if (!declared.ok) return (await said(item, await declared.json(), changed), false);
  const address = `/bundles/${item.bundleId}/parts/${keyOf(item)}`;
  const answer = await ask("PUT", address, item.content, { "Content-Type": "application/octet-stream" });
  const became = await answer.json();
  if (!became.stage) return (await said(item, became, changed), false);
  await keep("receipts", keyOf(item), { ...became, title: item.title, savedAt: item.savedAt });
  item.stage = became.stage;
  if (became.stage === "TAKEN") item.version = became.version;
  item.said = [became.detail ? `${became.detail} ${became.remedy ?? ""}` : "", item.headsSaid].filter(Boolean).join(" ");
  await note("queue", keyOf(item), item);
  changed();
  const isWhole = await bringFiles(item, changed); // who decides on what was not taken wants to see its photos, too
  await bringHeads(item, changed);
  if (isWhole && item.stage === "TAKEN") await finish(item, changed);
  return isWhole;
}

// How many were counted goes last, once the report stands: what is refused for good is said, and holds nothing back.
async function bringHeads(item, changed) {
  if (!item.heads || item.stage !== "TAKEN") return;
  const counted = await ask("PUT", `/visits/${item.visitId}/heads`, ...json(item.heads));
  item.heads = null;
  if (counted.ok) return note("queue", keyOf(item), item);
  const problem = await counted.json();
  item.headsSaid = `${problem.detail ?? ""} ${problem.remedy ?? ""}`;
  return said(item, problem, changed);
}

async function said(item, problem, changed) {
  item.said = `${problem.detail ?? ""} ${problem.remedy ?? ""}`;
  await note("queue", keyOf(item), item);
  changed();
}

async function bringFiles(item, changed) {
  for (const part of missingFiles(item)) {
    const file = await kept("files", part.sha256);
    if (!file) return (await said(item, LOST, changed), false);
    if (!(await bringFile(item, part, file))) return false;
    item.sent.push(part.part_id);
    await note("queue", keyOf(item), item);
    changed();
  }
  return true;
}

async function finish(item, changed) {
  await release(item.parts, keyOf(item));
  item.stage = "DONE";
  item.content = new Uint8Array();
  await note("queue", keyOf(item), item);
  changed();
}

export async function bringFile(item, part, file, thing = { kind: "visit", id: item.visitId }, tell = said) {
  const manifest = {
    size_bytes: part.size_bytes, sha256: part.sha256, media_type: file.type,
    thing, device: navigator.userAgent.slice(0, 200),
    device_sent_at: new Date().toISOString(),
  };
  const declared = await ask("PUT", `/evidence/${part.part_id}`, ...json(manifest));
  const standing = await declared.json();
  if (!declared.ok) return (await tell(item, standing, () => {}), false);
  for (let offset = standing.offset; offset < part.size_bytes; ) {
    const slice = file.bytes.slice(offset, offset + SLICE_BYTES);
    const sent = await ask("PATCH", `/evidence-uploads/${part.part_id}`, slice, {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
      "Upload-Checksum": `sha256 ${await base64OfDigest(slice)}`,
    });
    if (ENDED.has(sent.status)) return false;
    const stands = Number(sent.headers.get("Upload-Offset") ?? NaN);
    if (!(stands > offset)) return false;
    offset = stands;
  }
  const finished = await ask("PUT", `/evidence/${part.part_id}/receipt`);
  if (!finished.ok) await tell(item, await finished.json(), () => {});
  return finished.ok;
}
