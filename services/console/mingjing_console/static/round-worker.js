// The officer's page without a network: what was seen last is shown when nothing answers. No data is kept here.
const KEPT = "mingjing-round-v6";
const SHELL = ["/round", "/round.js", "/round-store.js", "/round-lead.js", "/round-draft.js", "/round-hotspot.js", "/mingjing.css", "/mingjing-work.css", "/mingjing.svg"];
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isShell = origin === self.location.origin && SHELL.includes(pathname);
  if (event.request.method === "GET" && isShell) event.respondWith(newestOrKept(event.request, pathname));
});

async function newestOrKept(request, pathname) {
  const kept = await caches.open(KEPT);
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: patience.signal });
    // A way to the sign-in is no page of ours: what is kept stays.
    if (answer.ok && !answer.redirected && answer.type === "basic") await kept.put(pathname, answer.clone());
    return answer;
  } catch {
    return (await kept.match(pathname)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}
