// The officer's page: own round, a report, what waits, the receipts.
// One rule: text from the service goes into text nodes only.
import { discard, draftOf, drafts, fill, flush, onSubmit, restore, unwatch, watch } from "./round-draft.js";
import {
  NetworkAway, ServiceFailed, SignInNeeded, all, drop, enqueue, inOrder, keyOf, newId, ownRound, sha256, synchronise,
} from "./round-store.js";

const OUTCOMES = [
  ["NO_ISSUE", "未发现问题 No issue"], ["ISSUES", "发现问题 Issues"], ["DOOR_CLOSED", "关门 Door closed"],
  ["NOT_FOUND", "查无此处 Not found"], ["REFUSED_ENTRY", "拒绝进入 Entry refused"],
];
const FINDINGS = [
  ["NOT_CHECKED", "未查 Not checked"], ["PASS", "合格 Pass"], ["FAIL", "不合格 Fail"], ["NOT_APPLICABLE", "不适用 N/A"],
];
const STAGES = {
  WAITING: "待上传 Waiting", DONE: "已上传 Uploaded", TAKEN: "已采纳，照片上传中 Taken, files under way",
  HELD: "已收到，等待前序 Held", CONTESTED: "同号异文，待主管处理 Contested", ASIDE: "已收到，搁置 Kept aside",
  DISMISSED: "不予采纳 Dismissed",
};
const LATE = {
  REMINDED: "催办：期限将到 Nearly late", OVERDUE: "超期督办 Overdue", LISTED: "挂牌督办 Listed supervision",
};
const POSITION_SECONDS = 20;
const AGAIN_SECONDS = 15;
const place = (id) => document.getElementById(id);
let own;
let isBusy = false;

function made(name, attributes = {}, ...content) {
  const { on, ...rest } = attributes;
  const element = Object.assign(document.createElement(name), rest);
  if (on) Object.entries(on).forEach(([event, act]) => element.addEventListener(event, act));
  element.append(...content);
  return element;
}

const options = (pairs) => pairs.map(([value, text]) => made("option", { value }, text));
const labelled = (text, field) => made("label", {}, text, field);

function say(text, kind = "") {
  place("said").textContent = text;
  place("said").className = kind;
}

async function show() {
  const site = (task) => own.round.sites.find((one) => one.site_id === task.site_id);
  const reported = new Set((await all("queue")).filter((one) => one.stage !== "DISMISSED").map((one) => one.taskId));
  const begun = new Set((await drafts(own.round.officer)).map((one) => one.taskId));
  const tasks = own.round.tasks.filter((task) => site(task) && !reported.has(task.task_id)).map((task) =>
    made("li", {},
      made("b", {}, site(task).name), made("div", { className: "soft" }, site(task).address),
      ...(LATE[task.escalation] ? [made("b", { className: "bad" }, LATE[task.escalation])] : []),
      made("div", {}, task.reason, " · ", new Date(task.due_at).toLocaleString("zh-CN")),
      made("button", { type: "button", on: { click: () => begin({ task, site: site(task), checklist: own.round.checklist }) } },
        begun.has(task.task_id) ? "继续草稿 Go on with the draft" : "开始巡查 Start"),
      ...(begun.has(task.task_id) ? [" ", made("button", { type: "button", className: "quiet", on: { click: () => forget(task) } }, "弃用草稿 Discard")] : [])));
  place("tasks").replaceChildren(...(tasks.length ? tasks : [made("li", {}, "没有待办任务。 No task of yours.")]));
  place("fresh").textContent = own.isFresh ? "" : "没有网络，显示上次的路线。 No network: the round as it was last.";
  await showQueue();
}

async function showQueue() {
  const receipts = await all("receipts");
  const items = (await all("queue")).filter((one) => one.officer === own.round.officer);
  place("queue").replaceChildren(...items.map((item) => {
    const receipt = receipts.find((one) => one.part_id === keyOf(item));
    const isReport = (item.kind ?? "REPORT") === "REPORT" && item.observation && item.stage !== "DISMISSED";
    return made("li", { className: `stage-${item.stage}` },
      made("b", {}, item.title), ...(item.kind === "CORRECTION" ? [" ", made("span", { className: "tag" }, "更正 Correction")] : []),
      made("div", {}, STAGES[item.stage] ?? item.stage),
      ...(item.said ? [made("div", { className: "bad" }, item.said)] : []),
      ...(isReport ? [made("button", { type: "button", className: "quiet", on: { click: async () => begin(item, await latestOf(item)) } }, "更正 Correct")] : []),
      ...(receipt ? [shownReceipt(receipt)] : []));
  }));
}

function shownReceipt(receipt) {
  const number = receipt.receipt?.number ?? "—";
  const whole = JSON.stringify({ receipt: receipt.receipt, filed: receipt.filed }, null, 1);
  return made("details", { className: "receipt" },
    made("summary", {}, `回执 Receipt ${number}`),
    made("pre", {}, made("code", {}, whole)));
}

// Of a joint task each department answers its own items.
const asked = ({ task, checklist }) => checklist.items.filter(({ code }) => !(task.beyond ?? []).includes(code));

async function forget(task) {
  await discard(own.round.officer, task.task_id);
  const form = place("report");
  if (form.dataset.task === task.task_id) form.hidden = true;
  await show();
}

// ``about`` is the task, its site and the questions; ``before`` the report that is corrected, if one is.
async function begin(about, before = null) {
  const flushed = flush();
  const { task, site } = about;
  const form = place("report");
  const rows = asked(about).map((item) => {
    const photos = made("input", { type: "file", accept: "image/*", multiple: true, name: `photos ${item.code}` });
    const proof = labelled("该项照片 Photos of it", photos);
    proof.hidden = true;
    const finding = made("select", { name: `finding ${item.code}` }, ...options(FINDINGS));
    finding.addEventListener("change", () => { proof.hidden = finding.value !== "FAIL"; });
    const marks = `${item.immediate_veto ? " ·一票否决 veto" : ""}${item.photo_required ? " ·须拍照 photo" : ""}`;
    return made("fieldset", {},
      made("legend", {}, `${item.code} ${item.title_zh}${marks}`), made("div", { className: "soft" }, item.legal_basis),
      finding, labelled("说明 Remark", made("input", { name: `remark ${item.code}`, maxLength: 1000 })), proof);
  });
  const outcome = made("select", { name: "outcome" }, ...options(OUTCOMES));
  const items = made("div", { id: "items" }, ...rows);
  outcome.addEventListener("change", () => { items.hidden = !["NO_ISSUE", "ISSUES"].includes(outcome.value); });
  const allPass = made("button", { type: "button", className: "quiet", on: { click: () => {
    form.querySelectorAll("select[name^=finding]").forEach((one) => { if (one.value === "NOT_CHECKED") one.value = "PASS"; });
  } } }, "其余全部合格 All others pass");
  form.replaceChildren(
    made("h2", {}, site.name), labelled("结果 Outcome", outcome), allPass, items,
    labelled("现场照片（必需） Photos, at least one", made("input", { type: "file", accept: "image/*", multiple: true, name: "photos", required: !before })),
    labelled("录音录像 Recordings", made("input", { type: "file", accept: "audio/*,video/mp4", multiple: true, name: "recordings" })),
    labelled(`同行人员账号（至少 ${task.officers_min - 1} 人） Other officers`, made("input", { name: "companions" })),
    labelled("在场学员人数 Pupils seen", made("input", { name: "pupils", type: "number", min: "0", max: "10000", inputMode: "numeric" })),
    labelled("正在上课的班数 Classes being held", made("input", { name: "classes", type: "number", min: "0", max: "500", inputMode: "numeric" })),
    labelled("备注 Note", made("textarea", { name: "note", maxLength: 4000, rows: 3 })),
    signaturePad("OFFICER", "本人签名 Your signature"), signaturePad("INSTITUTION", "机构签名 The institution's"),
    labelled("机构拒签原因 Why it does not sign", made("input", { name: "refusal", maxLength: 400 })),
    ...(before ? [labelled("更正理由（必填） Why it is corrected", made("input", { name: "reason", maxLength: 1000, required: true }))] : []),
    made("button", { type: "submit" }, before ? "保存更正 Save the correction" : "保存 Save"));
  form.hidden = true; // until it is its task's: what is pressed before would go to the one before
  form.dataset.task = task.task_id;
  unwatch(form);
  await flushed;
  const draft = before ? null : await draftOf(own.round.officer, task.task_id);
  if (form.dataset.task !== task.task_id) return;
  const isOwn = draft?.officer === own.round.officer;
  const visitId = before?.visitId ?? (isOwn ? draft.visitId : newId()); // one form is one visit, however often "save" is pressed
  if (before) fill(form, valuesOf(before.observation));
  if (isOwn) await restore(form, draft);
  if (!before) watch(form, { taskId: task.task_id, officer: own.round.officer, visitId }, () => say("草稿已存本机。 Draft kept.", "soft"));
  onSubmit(form, async () => { await save(form, about, visitId, before); }, (trouble) => say(String(trouble.message ?? trouble), "bad"));
  form.hidden = false;
  form.scrollIntoView();
}

// A report as the fields of its form.
function valuesOf(seen) {
  const values = { outcome: seen.outcome, companions: (seen.companions ?? []).join(" "), note: seen.note ?? "" };
  for (const one of seen.answers ?? []) Object.assign(values, { [`finding ${one.item}`]: one.finding, [`remark ${one.item}`]: one.remark });
  return { ...values, refusal: (seen.signatures ?? []).find((one) => one.refusal)?.refusal ?? "" };
}

function signaturePad(by, text) {
  const pad = made("canvas", { width: 300, height: 110, className: "pad" });
  pad.dataset.by = by;
  const pen = pad.getContext("2d");
  const at = (event) => { const box = pad.getBoundingClientRect(); return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height]; };
  pad.addEventListener("pointerdown", (event) => { pen.beginPath(); pen.moveTo(...at(event)); pad.dataset.drawn = "yes"; });
  pad.addEventListener("pointermove", (event) => { if (event.buttons) { pen.lineTo(...at(event)); pen.stroke(); } });
  return made("div", {}, made("div", { className: "soft" }, text), pad);
}

const position = () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(
  ({ coords }) => resolve({
    latitude_e7: Math.round(coords.latitude * 1e7), longitude_e7: Math.round(coords.longitude * 1e7),
    accuracy_metres: Math.ceil(coords.accuracy), is_mock: false,
  }),
  () => reject(new Error("没有定位，请打开定位后再保存。 No position: switch it on and save again.")),
  { enableHighAccuracy: true, timeout: POSITION_SECONDS * 1000, maximumAge: 60000 }));

async function filesOf(input, into) {
  const digests = [];
  for (const blob of input?.files ?? []) {
    const digest = await sha256(await blob.arrayBuffer());
    if (!into.has(digest)) into.set(digest, { blob, digest });
    digests.push(digest);
  }
  return [...new Set(digests)];
}

async function signaturesOf(form, files) {
  const signatures = [];
  for (const pad of form.querySelectorAll("canvas[data-drawn]")) {
    const blob = await new Promise((resolve) => pad.toBlob(resolve, "image/png"));
    const digest = await sha256(await blob.arrayBuffer());
    files.set(digest, { blob, digest });
    signatures.push({ by: pad.dataset.by, image: digest });
  }
  const refusal = form.elements.refusal.value.trim();
  const isSigned = signatures.some((one) => one.by === "INSTITUTION");
  return refusal && !isSigned ? [...signatures, { by: "INSTITUTION", refusal }] : signatures;
}

function headsOf(form) {
  const [pupils, classes] = [form.elements.pupils.value, form.elements.classes.value];
  if (!pupils && !classes) return null;
  if (!pupils || !classes) throw new Error("人数与班数请一并填写。 Write pupils and classes, both.");
  if (Number(pupils) > 0 && Number(classes) === 0) throw new Error("有学员就至少有一个班。 Pupils are in one class at least.");
  return { pupils: Number(pupils), classes: Number(classes) };
}

async function save(form, about, visitId, before) {
  say("正在保存…… Saving…");
  const { task, site, checklist } = about;
  const seen = before?.observation;
  const heads = headsOf(form);
  const files = new Map();
  const photos = [...new Set([...(seen?.photos ?? []), ...(await filesOf(form.elements.photos, files))])];
  const answers = [];
  const isInside = ["NO_ISSUE", "ISSUES"].includes(form.elements.outcome.value);
  for (const { code } of isInside ? asked(about) : []) {
    const earlier = seen?.answers?.find((one) => one.item === code)?.photos ?? [];
    const proofs = [...new Set([...earlier, ...(await filesOf(form.elements[`photos ${code}`], files))])];
    const finding = form.elements[`finding ${code}`].value;
    answers.push({ item: code, finding, remark: form.elements[`remark ${code}`].value, photos: finding === "FAIL" ? proofs : [] });
    photos.push(...proofs.filter((one) => !photos.includes(one)));
  }
  const recordings = [...new Set([...(seen?.recordings ?? []), ...(await filesOf(form.elements.recordings, files))])];
  const companions = form.elements.companions.value.split(/[\s,，、]+/).filter(Boolean);
  const drawn = await signaturesOf(form, files);
  const signatures = [...drawn, ...(seen?.signatures ?? []).filter((one) => one.image && !drawn.some((other) => other.by === one.by))];
  const observation = {
    outcome: form.elements.outcome.value, checklist: checklist.version, answers, photos, recordings,
    companions, signatures, note: form.elements.note.value,
    // A correction says anew what was seen, not where and when somebody was there.
    position: seen?.position ?? (await position()), visited_at: seen?.visited_at ?? new Date().toISOString(),
  };
  const item = { visitId, title: site.name, taskId: task.task_id, task, site, checklist, heads };
  if (before) {
    const correction = { visit_id: visitId, corrects_version: await versionOf(visitId), observation, reason: form.elements.reason.value };
    await enqueue(own.round.officer, correction, [...files.values()], { ...item, partId: newId(), kind: "CORRECTION" });
  } else {
    const { institution_id, site_id, task_id } = task;
    await enqueue(own.round.officer, { institution_id, site_id, task_id, observation }, [...files.values()], item);
    await discard(own.round.officer, task.task_id);
  }
  unwatch(form);
  form.hidden = true;
  say("已保存在本机。 Saved on this device.", "good");
  await show();
  await bringIn();
}

// Which version a correction changes: the last one that stands, and those of this device that are on their way.
async function versionOf(visitId) {
  const mine = (await all("queue")).filter((one) => one.visitId === visitId);
  const stands = Math.max(1, ...mine.map((one) => one.version ?? 1));
  return stands + mine.filter((one) => one.kind === "CORRECTION" && !one.version && one.stage !== "DISMISSED").length;
}

// The next correction begins with what the last one says.
async function latestOf(item) {
  const mine = (await all("queue")).filter((one) => one.visitId === item.visitId && one.observation && one.stage !== "DISMISSED");
  return mine.sort(inOrder).at(-1) ?? item;
}

async function bringIn(isByHand = false) {
  if (isBusy || !own) return;
  isBusy = true;
  try {
    const done = await synchronise(own.round.officer, showQueue, isByHand);
    if (done) say("已上传，请保存回执。 Uploaded; keep the receipts.", "good");
  } catch (trouble) {
    if (trouble instanceof SignInNeeded) say("登录已过期，请重新登录；数据仍在本机。 Sign in again; your reports are still here.", "warn");
    else if (trouble instanceof ServiceFailed) say("服务出错，稍后自动重传。 The service failed; it is sent again by itself.", "warn");
    else if (trouble instanceof NetworkAway) say("没有网络，恢复后自动上传。 No answer: it is sent again by itself.", "warn");
    else throw trouble;
  } finally {
    isBusy = false;
    await showQueue();
  }
}

async function clear() {
  const queue = await all("queue");
  const isOver = (visitId) => queue.every((one) => one.visitId !== visitId || one.stage === "DONE");
  for (const item of queue.filter((one) => isOver(one.visitId))) {
    await drop("queue", keyOf(item));
    await drop("receipts", keyOf(item));
  }
  await showQueue();
}

async function start() {
  await navigator.storage?.persist?.(); // what waits here must not be cleared away for want of room
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/round-worker.js", { scope: "/round" });
  try {
    own = await ownRound();
  } catch (trouble) {
    const isSignIn = trouble instanceof SignInNeeded;
    say(isSignIn ? "请先登录。 Sign in first." : "没有网络，本机也没有路线。 No network, and no round on this device.", "warn");
    return;
  }
  await show();
  await bringIn();
}

place("sync").addEventListener("click", () => bringIn(true));
place("clear").addEventListener("click", clear);
addEventListener("online", () => bringIn());
setInterval(() => bringIn(), AGAIN_SECONDS * 1000); // a service that is busy says so, and is asked again
start().catch((trouble) => say(String(trouble.message ?? trouble), "bad"));
