// Visits to hot-spots: where an officer is to look for teaching without a licence, and when; reported with a network.
// One rule: the addresses are shown and not kept on this device; the officer's own words wait here until they are sent.
import { discard, draftOf, drafts, flush, onSubmit, restore, unwatch, watch } from "./round-draft.js";
import { NetworkAway, SignInNeeded, ask, json, newId, ownRound } from "./round-store.js";

const SLOTS = { REGULAR: "定期 Regular", NIGHT: "夜间 At night", WEEKEND: "周末 At the weekend" };
const OUTCOMES = [
  ["NOTHING_SEEN", "未发现 Nothing seen"], ["TRAINING_SEEN", "发现正在培训 Teaching was seen"], ["NO_ENTRY", "未能进入 No entry"],
];
const LOOK_SECONDS = 300;
let begun;
const place = (id) => document.getElementById(id);
const DRAFT = "hotspot-";
const draftName = (visit) => `${DRAFT}${visit.visit_id}`;
const saidOf = (problem) => [problem.detail, problem.detail_en, problem.remedy, problem.remedy_en].filter(Boolean).join(" ");
const officer = async () => (await ownRound()).round.officer; // asked anew: a tablet may be shared

function made(name, attributes = {}, ...content) {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...content);
  return element;
}

const labelled = (text, field) => made("label", {}, text, field);

function say(text, kind = "") {
  place("hotspot-said").textContent = text;
  place("hotspot-said").className = kind;
}

const clock = (minutes) => [Math.floor(minutes / 60), minutes % 60].map((one) => String(one).padStart(2, "0")).join(":");
const when = (visit) => `${visit.day} ${clock(visit.begins)}–${clock(visit.ends)} ${SLOTS[visit.slot] ?? visit.slot}`;

function shown(visit) {
  const isLate = Date.parse(visit.due_at) < Date.now();
  const addresses = visit.places.map((one) => one.address).filter(Boolean);
  return made("li", {},
    made("b", {}, when(visit)), ...(isLate ? [" ", made("b", { className: "bad" }, "已过时段 Its time is over")] : []),
    made("div", {}, `网格 Grid ${visit.region} · ${visit.leads_open} 条未办结线索 open leads`),
    made("ul", { className: "soft" }, ...addresses.map((one) => made("li", {}, one))),
    made("button", { type: "button", onclick: () => begin(visit).catch(trouble) }, "上报所见 Report"));
}

async function show() {
  let answer;
  try {
    answer = await ask("GET", "/hotspot-visits");
  } catch (away) {
    if (away instanceof SignInNeeded) return place("hotspots").replaceChildren();
    if (!(away instanceof NetworkAway)) throw away;
    return place("hotspots").replaceChildren(made("li", {}, "没有网络：热点地址不留在本机。 No network: these addresses are not kept on this device."));
  }
  const told = await answer.json();
  if (!answer.ok) return place("hotspots").replaceChildren(made("li", { className: "bad" }, saidOf(told)));
  const { items, next } = told;
  const rest = next ? [made("li", {}, `只显示最早的 ${items.length} 处。 Only the first ${items.length} are shown.`)] : [];
  const shownNow = [...items.map(shown), ...rest, ...(next ? [] : await leftOver(items))];
  place("hotspots").replaceChildren(...(shownNow.length ? shownNow : [made("li", {}, "没有待巡查的热点网格。 No hot-spot to look at.")]));
}

// What was written about a visit that is on the list no more is shown until its writer lets go of it.
async function leftOver(items) {
  const who = await officer();
  const listed = new Set(items.map(draftName));
  const mine = (await drafts(who)).filter((one) => one.taskId.startsWith(DRAFT) && !listed.has(one.taskId));
  return mine.map((one) => made("li", {},
    made("b", { className: "warn" }, "草稿：此处已上报或已过时段。 Draft: reported already, or its time is long over."),
    made("div", {}, one.values.note ?? ""),
    made("button", { type: "button", className: "quiet", onclick: () => discard(who, one.taskId).then(show).catch(trouble) }, "弃用草稿 Discard")));
}

// One form is one report, however often it is sent: its key is kept with the draft.
async function begin(visit) {
  begun = visit;
  await flush();
  const who = await officer();
  const draft = await draftOf(who, draftName(visit));
  const { key = newId(), begunAt = new Date().toISOString() } = draft ?? {};
  const form = place("hotspot");
  if (begun !== visit) return; // another one was pressed meanwhile
  form.replaceChildren(
    made("h3", {}, when(visit)),
    labelled("结果 Outcome", made("select", { name: "outcome" }, ...OUTCOMES.map(([value, text]) => made("option", { value }, text)))),
    labelled("去了哪里、看到什么（必填） Where you were and what you saw", made("textarea", { name: "note", maxLength: 2000, rows: 3, required: true })),
    made("button", { type: "submit" }, "上报 Send"));
  unwatch(form);
  if (draft) await restore(form, draft);
  if (begun !== visit) return;
  watch(form, { officer: who, taskId: draftName(visit), key, begunAt }, () => say("草稿已存本机。 Draft kept.", "soft"));
  onSubmit(form, async () => { await send(form, visit, who, { key, begunAt }); }, (away) => trouble(away));
  form.hidden = false;
  form.scrollIntoView();
}

async function send(form, visit, who, { key, begunAt }) {
  await flush();
  say("正在上报…… Sending…");
  if ((await officer()) !== who) return say("本机已由他人登录，草稿仍在本机。 Somebody else has signed in; your draft is kept.", "warn");
  const body = { outcome: form.elements.outcome.value, note: form.elements.note.value.trim(), visited_at: begunAt };
  const [content, headers] = json(body);
  const answer = await ask("POST", `/hotspot-visits/${visit.visit_id}/report`, content, { ...headers, "Idempotency-Key": key });
  if (!answer.ok) {
    say(saidOf(await answer.json()), "bad");
    return show();
  }
  unwatch(form);
  await discard(who, draftName(visit));
  form.hidden = true;
  form.replaceChildren();
  say("已上报。新发现的场所请另报线索。 Reported. Report a new place as a lead.", "good");
  return show();
}

function trouble(away) {
  if (away instanceof SignInNeeded) say("登录已过期，请重新登录；草稿仍在本机。 Sign in again; your draft is still here.", "warn");
  else if (away instanceof NetworkAway) say("没有网络，草稿已存本机，恢复后请再次上报。 No answer: the draft is kept, send it again later.", "warn");
  else say(String(away.message ?? away), "bad");
}

addEventListener("online", () => show().catch(trouble));
setInterval(() => show().catch(trouble), LOOK_SECONDS * 1000);
show().catch(trouble);
