// What a device keeps of visits, and how it reaches the server once. Used by pages and by the
// service worker alike, so it is a plain script. Every record is bound to the user who wrote it.
(() => {
  const NAME = "huike-visits";
  const DRAFTS = "drafts";
  const OUTBOX = "outbox";
  const POCKET = "pocket";
  const PHOTOS = "photos"; // the files apart from the rows, which are written at every change
  const POCKET_AGE = 48 * 3600 * 1000;
  const CLAIM_MS = 1500; // a page that is being left lets go of its draft within moments
  const ASKED_MS = 10000;
  const SENT_MS = 30000; // words; a photo may take its time
  const API = "/api/v1/visits/";
  const channel = new BroadcastChannel("huike-visits");
  let opened;

  function open() {
    opened ??= new Promise((done, failed) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        for (const store of [DRAFTS, OUTBOX, PHOTOS]) request.result.createObjectStore(store, { keyPath: ["user", "key"] });
        request.result.createObjectStore(POCKET, { keyPath: ["user", "id"] });
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        request.result.onclose = anew; // some browsers close it while the phone sleeps
        done(request.result);
      };
      request.onerror = () => {
        anew();
        failed(request.error);
      };
    });
    return opened;
  }

  function anew() {
    opened = undefined;
  }

  // One transaction over these stores; done when it is on the disk.
  async function within(stores, mode, act) {
    const db = await open();
    return new Promise((done, failed) => {
      const options = mode === "readwrite" ? { durability: "strict" } : {};
      const transaction = db.transaction(stores, mode, options);
      let result;
      transaction.oncomplete = () => done(result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
      const take = (request, use = (found) => found) => {
        request.onsuccess = () => {
          result = use(request.result);
        };
      };
      act(take, ...stores.map((store) => transaction.objectStore(store)));
    });
  }

  const mine = (user) => IDBKeyRange.bound([user], [user, []]);
  const all = (store, user) => within([store], "readonly", (take, rows) => take(rows.getAll(mine(user))));
  const get = (store, user, key) => within([store], "readonly", (take, rows) => take(rows.get([user, key])));
  const put = (store, row) => within([store], "readwrite", (take, rows) => take(rows.put(row)));
  const remove = (store, user, key) => within([store], "readwrite", (take, rows) => take(rows.delete([user, key])));

  // To every other page, and to this one, which a channel leaves out.
  function tell(what) {
    channel.postMessage(what);
    channel.dispatchEvent(new MessageEvent("message", { data: what }));
  }

  // A key of its own (UUID 4); randomUUID itself exists on secure addresses only.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  // What is not done by then is given up.
  function until(ms) {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), ms);
    return stop.signal;
  }

  // Whether this page alone writes the draft from now on; the lock goes with the page.
  function claim(key) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((done) => {
      const held = () => {
        done(true);
        return new Promise(() => {});
      };
      navigator.locks.request(`huike-draft-${key}`, { signal: until(CLAIM_MS) }, held).catch(() => done(false));
    });
  }

  // A finished draft moves into the queue in one step: it is never in both, and never in neither.
  // What waits there under the same key stays as it is: the step fails, and the draft stays, too.
  async function queue(item) {
    await within([DRAFTS, OUTBOX], "readwrite", (take, drafts, outbox) => {
      drafts.delete([item.user, item.key]);
      take(outbox.add({ ...item, state: "waiting", queued_at: Date.now() }));
    });
    tell({ type: "changed" });
  }

  // What was not accepted becomes a draft again; with a new key it is a visit of its own.
  async function reopen(item, key = item.key) {
    const draft = { ...item.draft, key, at: Date.now() };
    await within([DRAFTS, OUTBOX], "readwrite", (take, drafts, outbox) => {
      outbox.delete([item.user, item.key]);
      take(drafts.put(draft));
    });
    tell({ type: "changed" });
    return draft;
  }

  // A draft or an item of the queue is gone, with its photos.
  function discard(store, row) {
    return within([store, PHOTOS], "readwrite", (take, rows, files) => {
      for (const photo of row.photos || []) files.delete([row.user, photo.key]);
      take(rows.delete([row.user, row.key]));
    });
  }

  async function carry(user, briefs, at) {
    await within([POCKET], "readwrite", (take, rows) => {
      rows.delete(mine(user));
      for (const [place, brief] of briefs.entries()) take(rows.put({ ...brief, user, at, place }));
    });
  }

  async function pocket(user) {
    const rows = await all(POCKET, user);
    const isFresh = (one) => Date.now() - one.at < POCKET_AGE;
    for (const old of rows.filter((one) => !isFresh(one))) await remove(POCKET, user, old.id);
    return rows.filter(isFresh).sort((one, other) => one.place - other.place);
  }

  const forgetPocket = () => within([POCKET], "readwrite", (take, rows) => take(rows.clear()));

  // Who is signed in, with a token that is good now; null without a network or a session.
  async function device() {
    try {
      const answer = await fetch(`${API}device/`, { cache: "no-store", credentials: "same-origin", signal: until(ASKED_MS) });
      if (answer.ok) return await answer.json();
      return { user: null, signedOut: [401, 403].includes(answer.status) };
    } catch {
      return { user: null, offline: true };
    }
  }

  // Sends what waits, one after the other, in one place at a time. Returns what became of it.
  function sync() {
    const run = () => sendAll();
    return navigator.locks ? navigator.locks.request("huike-visits-sync", run) : run();
  }

  async function sendAll() {
    const me = await device();
    if (!me.user) return { sent: [], left: null, signedOut: Boolean(me.signedOut), offline: Boolean(me.offline) };
    const sent = [];
    for (const item of (await all(OUTBOX, me.user)).sort((one, other) => one.queued_at - other.queued_at)) {
      if (!["waiting", "photos"].includes(item.state)) continue;
      const outcome = await sendOne(item, me.csrf);
      if (outcome === "stop") break;
      if (outcome) sent.push(outcome);
    }
    const left = await all(OUTBOX, me.user);
    tell({ type: "changed" });
    return { sent, left, signedOut: false, offline: false };
  }

  async function post(url, options, csrf) {
    try {
      const headers = { ...options.headers, "X-CSRFToken": csrf, Accept: "application/json" };
      return await fetch(url, { method: "POST", credentials: "same-origin", ...options, headers });
    } catch {
      return null;
    }
  }

  // No network, no session or a server that is down: the rest waits for the same. A mistake of the
  // server (500) with one visit holds up none of the others.
  const isNoAnswer = (answer) => !answer || answer.status > 500 || [401, 403, 408, 429].includes(answer.status);
  const read = (answer) => answer.json().catch(() => ({}));

  async function sendOne(item, csrf) {
    if (item.state === "waiting") {
      const body = JSON.stringify({ ...item.entry, author: item.user });
      const headers = { "Content-Type": "application/json", "Idempotency-Key": item.key };
      const answer = await post(API, { headers, body, signal: until(SENT_MS) }, csrf);
      if (isNoAnswer(answer)) return "stop";
      if (answer.status === 500) return null;
      const told = await read(answer);
      if (!answer.ok) {
        const state = answer.status === 409 && told.kept !== undefined ? "conflict" : "refused";
        await put(OUTBOX, { ...item, state, answer: { title: String(answer.status), ...told } });
        return null;
      }
      if (told.key !== item.key) return "stop"; // a page of something in between: nothing was saved
      item = { ...item, state: "photos", visit: told.id, url: told.url };
      await put(OUTBOX, item);
    }
    return sendPhotos(item, csrf);
  }

  async function sendPhotos(item, csrf) {
    for (const photo of item.photos.filter((one) => !one.isSent && !one.problem)) {
      const file = await get(PHOTOS, item.user, photo.key);
      if (!file) continue;
      const body = new FormData();
      body.set("key", photo.key);
      body.set("kind", photo.kind);
      body.set("photo", file.blob, "photo");
      const answer = await post(`${API}${item.visit}/photos/`, { body }, csrf);
      if (isNoAnswer(answer)) return "stop";
      if (answer.status === 500) return null;
      const told = await read(answer);
      if (answer.ok && told.key !== photo.key) return "stop";
      if (answer.ok) photo.isSent = true;
      else photo.problem = told.title || String(answer.status);
      await put(OUTBOX, item);
    }
    if (item.photos.some((one) => one.problem)) {
      await put(OUTBOX, { ...item, state: "refused", answer: { title: item.photos.find((one) => one.problem).problem } });
      return null;
    }
    await discard(OUTBOX, item);
    tell({ type: "sent", key: item.key, url: item.url });
    return { key: item.key, url: item.url };
  }

  self.visitStore = {
    DRAFTS, OUTBOX, POCKET, PHOTOS, all, get, put, remove, discard, queue, reopen, newKey, claim, carry, pocket, forgetPocket, device, sync, tell, channel,
  };
})();
