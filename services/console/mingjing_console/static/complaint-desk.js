// The operator's desk: asks for suggestions while she types. The page works without it: the same button asks.
// One rule: what the service says comes as markup that our own server made; nothing of it is run.
const WAIT_MS = 400;
const CHOICES = 3;
const form = document.getElementById("desk");
const hints = document.getElementById("hints");
const said = document.getElementById("hints-said");
let timer = 0;
let under;

async function ask() {
  under?.abort();
  under = new AbortController();
  const { signal } = under;
  said.textContent = "正在查找… Looking…";
  try {
    const answer = await fetch("/complaints/hints", {
      method: "POST", body: new URLSearchParams(new FormData(form)), signal,
    });
    if (answer.status === 401) {
      said.textContent = "登录已失效，请在新窗口重新登录；这里填写的内容不会丢失。 Signed out: sign in again in a new window.";
      return;
    }
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    const focused = document.activeElement?.id;
    hints.replaceChildren(...told.body.childNodes);
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
    said.textContent = "";
  } catch (trouble) {
    if (trouble.name !== "AbortError") said.textContent = "暂无提示，可直接受理。 No suggestions now; take it all the same.";
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
}

form.addEventListener("input", (event) => {
  if (event.target.dataset.asks !== undefined) soon();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit(document.getElementById("take"));
  } else if (event.altKey && event.code.startsWith("Digit")) {
    const number = Number(event.code.slice("Digit".length));
    if (number > CHOICES) return;
    const choice = document.getElementById(`choice-${number}`);
    if (choice) {
      event.preventDefault();
      choice.checked = true;
      choice.focus();
    }
  }
});
if (form.elements.text.value.trim()) soon();
