// On every page: the worker is there, what waits is counted in sight and sent when it can be.
const store = self.visitStore;
const user = Number(document.body.dataset.user) || null;
const tag = document.querySelector("script[data-outbox-words]");
const HALF_HOUR = 30 * 60 * 1000;
const AGAIN = 10000;
let again;
const packed = (one) => `visit-packed:${one}`;

async function count() {
  if (!user) return;
  const waiting = (await store.all(store.OUTBOX, user)).length;
  let badge = document.querySelector("[data-outbox]");
  if (!waiting) {
    badge?.remove();
    return;
  }
  if (!badge) {
    badge = document.createElement("a");
    badge.className = "chip chip--warn outbox";
    badge.href = tag.dataset.formUrl;
    badge.dataset.outbox = "";
    document.querySelector(".topbar__end")?.prepend(badge);
  }
  badge.textContent = `${waiting} ${tag.dataset.outboxWords}`;
}

// A network that just came back often carries nothing yet: what still waits is tried again.
async function send() {
  clearTimeout(again);
  if (!user || !navigator.onLine || !(await store.all(store.OUTBOX, user)).length) return;
  const { left, offline } = await store.sync();
  await count();
  if (offline || left?.some((one) => ["waiting", "photos"].includes(one.state))) again = setTimeout(send, AGAIN);
}

// The form and a few small briefs are fetched now and then, while there is a network.
async function pack(worker) {
  const last = Number(localStorage.getItem(packed(user)) || 0);
  if (!navigator.onLine || Date.now() - last < HALF_HOUR) return;
  const me = await store.device();
  if (me.user !== user || !me.mayLog) return;
  worker.postMessage({ type: "keep" });
  const answer = await fetch("/api/v1/visits/pocket/", { cache: "no-store" });
  if (!answer.ok) return;
  await store.carry(user, (await answer.json()).results, Date.now());
  localStorage.setItem(packed(user), Date.now());
}

function forgetPacked() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(packed(""))) localStorage.removeItem(key);
}

async function begin() {
  if (!self.indexedDB) return;
  if (!user) return forgetPacked(); // the log-in page: whoever comes next packs anew
  await count();
  store.channel.addEventListener("message", count);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  if (!("serviceWorker" in navigator)) return send();
  const registration = await navigator.serviceWorker.register(tag.dataset.workerUrl).catch(() => null);
  await send();
  if (!registration) return;
  const ready = await navigator.serviceWorker.ready;
  registration.sync?.register("visits").catch(() => {});
  await pack(ready.active);
}

// A page that is left while it asks something is no error.
begin().catch(() => {});
