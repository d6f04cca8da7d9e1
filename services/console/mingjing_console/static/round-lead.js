// Leads about places where somebody teaches without a licence: written where there is no network, sent when it is back.
// One rule: what names a person leaves this device with the lead, and is dropped here as soon as the lead is taken; a draft
// that nobody goes on with is dropped after some days.
import { discard, draftOf, flush, onSubmit, restore, unwatch, watch } from "./round-draft.js";
import {
  LOST, NetworkAway, ServiceFailed, SignInNeeded, all, ask, bringFile, eachApart, enqueueLead, json, kept, newId, note, ownRound,
  release, sha256,
} from "./round-store.js";

const VENUES = [
  ["UNKNOWN", "不详 Unknown"], ["HOME", "居民住宅 Home"], ["HOTEL", "酒店宾馆 Hotel"], ["CAFE", "咖啡厅等 Café"],
  ["OFFICE", "写字楼 Office"], ["SHOP", "临街商铺 Shop"], ["DEDICATED", "专门场所 Dedicated"], ["ONLINE", "线上 Online"],
];
const COVERS = [
  ["NONE", "无名目 None"], ["CONSULTING", "咨询 Consulting"], ["CULTURE", "文化传播 Culture"],
  ["HOUSEKEEPING", "家政 Housekeeping"], ["LIVE_IN_TUTOR", "住家教师 Live-in tutor"],
  ["SHARED_TUTOR", "众筹私教 Shared tutor"], ["STUDY_TOUR", "研学 Study tour"], ["CAMP", "冬夏令营 Camp"],
  ["CHILDCARE", "托管 Childcare"], ["MESSAGING", "即时通讯、直播 Messaging"],
];
const DAYS = ["一 Mon", "二 Tue", "三 Wed", "四 Thu", "五 Fri", "六 Sat", "日 Sun"].map((day, n) => [String(n + 1), `周${day}`]);
const PER = [["LESSON", "每课时 Lesson"], ["HOUR", "每小时 Hour"], ["MONTH", "每月 Month"], ["TERM", "每学期 Term"], ["COURSE", "每期 Course"]];
const STAGES = { WAITING: "待上传 Waiting", TAKEN: "已登记，照片上传中 Taken, photos under way", DONE: "已上传 Uploaded" };
const POSITION_SECONDS = 15;
const AGAIN_SECONDS = 15;
const DRAFT = "lead"; // one at a time
const DRAFT_DAYS_MAX = 7;
const place = (id) => document.getElementById(id);
const BEGIN = [...place("lead-begin").childNodes];
let isBusy = false;

function made(name, attributes = {}, ...content) {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...content);
  return element;
}

const options = (pairs) => pairs.map(([value, text]) => made("option", { value }, text));
const labelled = (text, field) => made("label", {}, text, field);

function say(text, kind = "") {
  place("lead-said").textContent = text;
  place("lead-said").className = kind;
}

// Whose device this is now: another's leads wait for their writer, and are shown to nobody else.
const officer = async () => (await kept("own", "round"))?.round.officer ?? "";
const own = async () => { const who = await officer(); return (await all("leads")).filter((one) => one.officer === who); };

const minutes = (clock) => { const [hours, rest] = clock.split(":").map(Number); return hours * 60 + rest; };

// The draft of whoever has this device now. One that was saved as a lead, or lies too long, is none.
async function ownDraft(who) {
  const draft = await draftOf(who, DRAFT);
  if (!draft) return undefined;
  const isOld = Date.now() - Date.parse(draft.savedAt) > DRAFT_DAYS_MAX * 86400000;
  if (!isOld && !(await kept("leads", draft.leadId))) return draft;
  await discard(who, DRAFT);
  return undefined;
}

async function forget() {
  const form = place("lead");
  unwatch(form);
  form.hidden = true;
  form.replaceChildren();
  await discard(await officer(), DRAFT);
  say("草稿已弃用。 The draft is gone.");
  await show();
}

// One form is one lead, seen where and when it was begun: a draft that is gone on with at home was not seen at home.
async function begin() {
  await flush();
  const who = await officer();
  const draft = await ownDraft(who);
  const form = place("lead");
  const { leadId = newId(), begunAt = new Date().toISOString(), position: where = null } = draft ?? {};
  const head = { officer: who, taskId: DRAFT, leadId, begunAt, position: where };
  let isKept = Boolean(draft);
  form.replaceChildren(
    labelled("地址 Address", made("input", { name: "address", maxLength: 300 })),
    labelled("情况（必填） What you saw", made("textarea", { name: "description", maxLength: 4000, rows: 3, required: true })),
    labelled("场所类型 Place", made("select", { name: "venue" }, ...options(VENUES))),
    labelled("名目 Under which name", made("select", { name: "cover" }, ...options(COVERS))),
    labelled("培训日 Day", made("select", { name: "weekday" }, made("option", { value: "" }, "—"), ...options(DAYS))),
    labelled("起 From", made("input", { name: "begins", type: "time" })),
    labelled("止 To", made("input", { name: "ends", type: "time" })),
    labelled("价格（元） Price, yuan", made("input", { name: "yuan", type: "number", min: "0.01", step: "0.01" })),
    labelled("计价 Per", made("select", { name: "per" }, ...options(PER))),
    labelled("人员姓名（加密保存） Name, sealed", made("input", { name: "person", maxLength: 100 })),
    labelled("联系电话（加密保存） Telephone, sealed", made("input", { name: "phone", type: "tel", maxLength: 40 })),
    labelled("所属区域代码（无定位时） Division, without a position", made("input", { name: "region", pattern: "[0-9]{6}([0-9]{3}){0,3}" })),
    labelled("疑似在职教师 An in-service teacher, perhaps", made("input", { name: "teacher", type: "checkbox" })),
    labelled("照片 Photos", made("input", { name: "photos", type: "file", accept: "image/*", multiple: true })),
    made("button", { type: "submit" }, "保存 Save"));
  unwatch(form);
  if (draft) await restore(form, draft);
  watch(form, head, () => { isKept = true; say("草稿已存本机。 Draft kept.", "soft"); return show(); });
  const found = draft ? Promise.resolve(where) : position().then((here) => {
    head.position = here;
    if (isKept) form.oninput?.();
    return here;
  });
  onSubmit(form, async () => { await save(form, head, await found); }, (trouble) => say(String(trouble.message ?? trouble), "bad"));
  form.hidden = false;
  form.scrollIntoView();
}

// Where the device is; nothing where it does not know: then the address and the division have to do.
const position = () => new Promise((resolve) => navigator.geolocation.getCurrentPosition(
  ({ coords }) => resolve({
    latitude_e7: Math.round(coords.latitude * 1e7), longitude_e7: Math.round(coords.longitude * 1e7),
    accuracy_metres: Math.min(100000, Math.ceil(coords.accuracy)),
  }),
  () => resolve(null),
  { enableHighAccuracy: true, timeout: POSITION_SECONDS * 1000, maximumAge: 60000 }));

async function save(form, head, where) {
  say("正在保存…… Saving…");
  const value = (name) => form.elements[name].value.trim();
  const parts = [];
  const contents = [];
  for (const blob of form.elements.photos.files) {
    const bytes = await blob.arrayBuffer();
    const digest = await sha256(bytes);
    if (parts.some((one) => one.sha256 === digest)) continue;
    contents.push([digest, { bytes, type: blob.type }]);
    parts.push({ part_id: newId(), sha256: digest, size_bytes: bytes.byteLength });
  }
  const hasTime = value("weekday") && value("begins") && value("ends");
  const person = { name: value("person"), phone: value("phone") };
  const body = {
    origin: "FIELD", address: value("address"), description: value("description"), venue: value("venue"),
    cover: value("cover"), photos: parts.map((one) => one.sha256), position: where, region: value("region"),
    times: hasTime ? [{ weekday: Number(value("weekday")), begins: minutes(value("begins")), ends: minutes(value("ends")) }] : [],
    prices: value("yuan") ? [{ fen: Math.round(Number(value("yuan")) * 100), per: value("per") }] : [],
    people: person.name || person.phone ? [person] : [], suspects_teacher: form.elements.teacher.checked,
    seen_at: head.begunAt,
  };
  if (!body.position && !body.region) throw new Error("没有定位：请填写所属区域代码。 No position: write the division's code.");
  const { leadId } = head;
  // The very text is kept: the same id is the same bytes, however often it is sent.
  const title = body.address || body.description.slice(0, 20);
  await enqueueLead({ leadId, officer: head.officer, text: JSON.stringify(body), title, parts, sent: [], stage: "WAITING", said: "" }, contents);
  unwatch(form);
  await discard(head.officer, DRAFT);
  form.hidden = true;
  form.replaceChildren();
  say("已保存在本机。 Saved on this device.", "good");
  await show();
  await bringIn();
}

async function show() {
  const items = await own();
  const draft = await ownDraft(await officer());
  place("lead-begin").replaceChildren(...(draft ? ["继续线索草稿 Go on with the draft"] : BEGIN));
  const waiting = draft ? [made("li", {}, `草稿 Draft · ${new Date(draft.savedAt).toLocaleString("zh-CN")} `,
    made("button", { type: "button", className: "quiet", onclick: forget }, "弃用线索草稿 Discard"))] : [];
  place("leads").replaceChildren(...waiting, ...items.map((item) => made("li", { className: `stage-${item.stage}` },
    made("b", {}, item.title), made("div", {}, STAGES[item.stage] ?? item.stage),
    ...(item.grid ? [made("div", { className: "soft" }, item.grid)] : []),
    ...(item.said ? [made("div", { className: "bad" }, item.said)] : []))));
}

const told = async (item, problem) => {
  item.said = `${problem.detail ?? ""} ${problem.remedy ?? ""}`;
  await note("leads", item.leadId, item);
};

async function bring(item) {
  if (item.stage === "WAITING") {
    const answer = await ask("PUT", `/leads/${item.leadId}`, item.text, json(null)[1]);
    const became = await answer.json();
    if (!answer.ok) return told(item, became);
    Object.assign(item, { stage: "TAKEN", text: "", said: "", grid: became.region });
    await note("leads", item.leadId, item);
    await show();
  }
  for (const part of item.parts.filter((one) => !item.sent.includes(one.part_id))) {
    const file = await kept("files", part.sha256);
    if (!file) return told(item, LOST);
    if (!(await bringFile(item, part, file, { kind: "lead", id: item.leadId }, told))) return undefined;
    item.sent.push(part.part_id);
    await note("leads", item.leadId, item);
  }
  await release(item.parts, item.leadId);
  item.stage = "DONE";
  return note("leads", item.leadId, item);
}

async function bringIn() {
  if (isBusy) return;
  isBusy = true;
  try {
    const waiting = (await all("leads")).filter((one) => one.stage !== "DONE");
    // Who has signed in is asked anew: another window may have changed it, and a lead is its writer's alone.
    const who = waiting.length ? (await ownRound()).round.officer : "";
    await eachApart(waiting.filter((one) => one.officer === who), (one) => one.leadId, bring);
  } catch (trouble) {
    if (trouble instanceof SignInNeeded) say("登录已过期，请重新登录；线索仍在本机。 Sign in again; your leads are still here.", "warn");
    else if (trouble instanceof ServiceFailed) say("服务出错，稍后自动重传。 The service failed; it is sent again by itself.", "warn");
    else if (trouble instanceof NetworkAway) say("没有网络，恢复后自动上传。 No answer: it is sent again by itself.", "warn");
    else throw trouble;
  } finally {
    isBusy = false;
    await show();
  }
}

place("lead-begin").addEventListener("click", () => begin().catch((trouble) => say(String(trouble.message ?? trouble), "bad")));
addEventListener("online", () => bringIn());
setInterval(() => bringIn(), AGAIN_SECONDS * 1000);
show().then(bringIn).catch((trouble) => say(String(trouble.message ?? trouble), "bad"));
