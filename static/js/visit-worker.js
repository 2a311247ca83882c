// The service worker: the form opens without a network, what waits is sent when it is back.
// It keeps one page, the empty form of the signed-in user, and the files that page loads. Pages of
// customers are never kept. Signing out throws the page and the briefs away; drafts stay, bound to
// whoever wrote them.
(() => {
  const SHELL = "huike-visit-form";
  const PATIENCE = 4000;
  const HASHED = /\.[0-9a-f]{12}\.\w+$/;
  let places;

  async function keep() {
    const answer = await fetch(places.form, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) return;
    const cache = await caches.open(SHELL);
    const html = await answer.clone().text();
    const wanted = [...html.matchAll(/(?:src|href)="(\/static\/[^"#?]+)/g)].map((hit) => hit[1]);
    await Promise.all([...new Set(wanted)].map((url) => keepFile(cache, url)));
    await cache.put(places.form, answer);
  }

  async function keepFile(cache, url) {
    if (HASHED.test(url) && (await cache.match(url))) return;
    const answer = await fetch(url);
    if (answer.ok) await cache.put(url, answer);
  }

  async function forget() {
    await caches.delete(SHELL);
    await self.visitStore.forgetPocket();
  }

  // The network first, but nobody waits long for it: a weak signal is no signal.
  async function page(request) {
    const kept = await caches.match(places.form, { cacheName: SHELL, ignoreVary: true });
    if (!kept) return fetch(request);
    const late = new Promise((done) => setTimeout(done, PATIENCE, null));
    const fresh = fetch(request).catch(() => null);
    return (await Promise.race([fresh, late])) || kept.clone();
  }

  async function anyPage(request) {
    try {
      return await fetch(request);
    } catch (error) {
      const kept = await caches.match(places.form, { cacheName: SHELL, ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  }

  async function file(request) {
    const kept = await caches.match(request, { cacheName: SHELL, ignoreVary: true, ignoreSearch: true });
    if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
    try {
      return await fetch(request);
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  }

  function answer(event) {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.method === "POST" && url.pathname === places.logout) event.waitUntil(forget());
    if (request.method !== "GET") return;
    if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
    else if (request.mode === "navigate")
      event.respondWith(url.pathname.startsWith(places.form) ? page(request) : anyPage(request));
  }

  self.huikeWorker = {
    start(given) {
      places = given;
      self.addEventListener("install", () => self.skipWaiting());
      self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
      self.addEventListener("fetch", answer);
      self.addEventListener("sync", (event) => event.waitUntil(self.visitStore.sync()));
      self.addEventListener("message", (event) => {
        const act = { keep, forget }[event.data?.type];
        if (!act) return;
        event.waitUntil(act().then(() => event.ports[0]?.postMessage("done")));
      });
    },
  };
})();
