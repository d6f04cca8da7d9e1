// A report that is not finished yet: kept on this device as it is typed, with its photos and signatures, until it is saved.
// One rule: a draft is its writer's alone; it is one visit from its first letter on, however often the page is left.
import { all, drop, keep, kept } from "./round-store.js";

const QUIET_MS = 300;
const waiting = new Map();

const typed = (form) => [...form.elements].filter((one) => one.name && one.type !== "file");
const chosen = (form) => [...form.elements].filter((one) => one.name && one.type === "file" && one.files.length);

export async function drafts(officer) {
  return (await all("drafts")).filter((one) => one.officer === officer);
}

export const draftOf = (taskId) => kept("drafts", taskId);

export function discard(taskId) {
  clearTimeout(waiting.get(taskId));
  waiting.delete(taskId);
  return drop("drafts", taskId);
}

// Whatever is typed, chosen or drawn is kept a moment later; ``told`` hears of it.
export function watch(form, head, told) {
  const later = () => {
    clearTimeout(waiting.get(head.taskId));
    waiting.set(head.taskId, setTimeout(() => write(form, head).then(told), QUIET_MS));
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
  const values = Object.fromEntries(typed(form).map((one) => [one.name, one.value]));
  const files = Object.fromEntries(chosen(form).map((one) => [one.name, [...one.files]]));
  const pads = {};
  for (const pad of form.querySelectorAll("canvas[data-drawn]")) {
    pads[pad.dataset.by] = await new Promise((resolve) => pad.toBlob(resolve, "image/png"));
  }
  if (!waiting.has(head.taskId)) return; // saved or discarded meanwhile
  await keep("drafts", head.taskId, { ...head, values, files, pads, savedAt: new Date().toISOString() });
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
    field.value = value;
    if (field.tagName === "SELECT") field.dispatchEvent(new Event("change"));
  }
}
