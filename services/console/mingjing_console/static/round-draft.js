// A report or a lead that is not finished yet: kept on this device as it is typed, with its photos, until it is saved.
// One rule: a draft is its writer's alone; it is one visit from its first letter on, however often the page is left.
import { all, drop, keep, kept } from "./round-store.js";

const QUIET_MS = 300;
const waiting = new Map(); // what is typed and not kept yet, by draft
const discarded = new Set(); // saved or discarded: what is being written of it comes too late
const draftKey = (officer, taskId) => `${officer}:${taskId}`; // a tablet may be shared

const typed = (form) => [...form.elements].filter((one) => one.name && one.type !== "file");
const said = (field) => (field.type === "checkbox" ? field.checked : field.value);
const chosen = (form) => [...form.elements].filter((one) => one.name && one.type === "file" && one.files.length);

export async function drafts(officer) {
  return (await all("drafts")).filter((one) => one.officer === officer);
}

export const draftOf = (officer, taskId) => kept("drafts", draftKey(officer, taskId));

export function discard(officer, taskId) {
  const key = draftKey(officer, taskId);
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
  discarded.add(key);
  return drop("drafts", key);
}

// Before the form shows something else: what waits is read out of it at once.
export function flush() {
  const acts = [...waiting.values()];
  waiting.clear();
  return Promise.all(acts.map(({ timer, act }) => { clearTimeout(timer); return act(); }));
}

// Whatever is typed, chosen or drawn is kept a moment later; ``told`` hears of it.
export function watch(form, head, told) {
  const key = draftKey(head.officer, head.taskId);
  discarded.delete(key);
  const act = () => { waiting.delete(key); return write(form, head).then(told); };
  const later = () => {
    clearTimeout(waiting.get(key)?.timer);
    waiting.set(key, { act, timer: setTimeout(act, QUIET_MS) });
  };
  form.oninput = later;
  form.onchange = later;
  form.onpointerup = (event) => { if (event.target.matches?.("canvas.pad")) later(); };
}

export function unwatch(form) {
  form.oninput = null;
  form.onchange = null;
  form.onpointerup = null;
}

async function write(form, head) {
  const values = Object.fromEntries(typed(form).map((one) => [one.name, said(one)]));
  const files = Object.fromEntries(chosen(form).map((one) => [one.name, [...one.files]]));
  const pads = {};
  for (const pad of form.querySelectorAll("canvas[data-drawn]")) {
    pads[pad.dataset.by] = await new Promise((resolve) => pad.toBlob(resolve, "image/png"));
  }
  if (discarded.has(draftKey(head.officer, head.taskId))) return;
  await keep("drafts", draftKey(head.officer, head.taskId), { ...head, values, files, pads, savedAt: new Date().toISOString() });
}

// The form as it was left.
export async function restore(form, draft) {
  fill(form, draft.values);
  for (const [name, files] of Object.entries(draft.files)) {
    const input = form.elements[name];
    if (!input) continue;
    const carried = new DataTransfer();
    files.forEach((one) => carried.items.add(one));
    input.files = carried.files;
  }
  for (const [by, blob] of Object.entries(draft.pads)) {
    const pad = form.querySelector(`canvas[data-by="${by}"]`);
    if (!pad || !blob) continue;
    pad.getContext("2d").drawImage(await createImageBitmap(blob), 0, 0);
    pad.dataset.drawn = "yes";
  }
}

// Fields by their names; whoever hides parts of a form by what is chosen hears of it.
export function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    if (!field || field.type === "file") continue;
    if (field.type === "checkbox") field.checked = value === true;
    else field.value = value;
    if (field.tagName === "SELECT") field.dispatchEvent(new Event("change"));
  }
}

// Carried out once, however often it is pressed meanwhile.
export function onSubmit(form, step, failed) {
  form.onsubmit = async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    try {
      await step();
    } catch (trouble) {
      failed(trouble);
    } finally {
      button.disabled = false;
    }
  };
}
