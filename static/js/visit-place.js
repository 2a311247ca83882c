// Where the device is, with its consent, and what its camera saw; neither ever stops the visit.
const EARTH_M = 6371008.8;
const PRECISE_M = 100; // a satellite fix is about that good; a network guess is not
const OLDEST_MS = 60000;
const WAIT_MS = 15000;
const READABLE = ["image/jpeg", "image/png", "image/webp"]; // what the server takes

const radians = (degrees) => (degrees * Math.PI) / 180;

function distance(one, other) {
  const up = Math.sin(radians(other.latitude - one.latitude) / 2) ** 2;
  const along = Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  const both = Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude));
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(up + both * along)));
}

function position() {
  return new Promise((done, failed) => {
    if (!navigator.geolocation) failed(new Error("none"));
    else navigator.geolocation.getCurrentPosition(done, failed, { enableHighAccuracy: true, maximumAge: OLDEST_MS, timeout: WAIT_MS });
  });
}

function fixOf(found) {
  const { latitude, longitude, accuracy } = found.coords;
  const age = Math.max(0, Math.round((Date.now() - found.timestamp) / 1000));
  return {
    latitude,
    longitude,
    accuracy_m: Math.round(accuracy),
    age_s: age,
    source: accuracy <= PRECISE_M ? "device" : "network",
    at: new Date().toISOString(),
  };
}

function checkIn({ words, rules, clock, form, brief, fix, taken }) {
  const button = form.querySelector("[data-visit-checkin]");
  const label = form.querySelector("[data-visit-checkin-text]");
  const told = form.querySelector("[data-visit-fix]");
  const say = (found) => {
    const metres = brief.latitude === null ? null : distance(found, brief);
    const parts = [metres === null ? words.noAddress : words.fromAddress.replace("%s", Math.round(metres).toLocaleString())];
    parts.push(words.exact.replace("%s", Math.round(found.accuracy_m)));
    label.textContent = words.checkedIn.replace("%s", clock(found.at));
    button.classList.add("visitcheck--done");
    told.textContent = parts.join(" · ");
    form.querySelector("[data-visit-far]").hidden = !(metres > rules.farM);
  };
  if (fix) say(fix);
  button.addEventListener("click", async () => {
    told.textContent = words.locating;
    try {
      const found = fixOf(await position());
      say(found);
      taken(found);
    } catch {
      told.textContent = words.denied;
    }
  });
}

function photos({ words, rules, make, form, photos: kept, files, newKey, taken }) {
  const place = form.querySelector("[data-visit-photos]");
  const wrong = form.querySelector("[data-photo-error]");
  let all = kept;
  const show = () => {
    for (const old of place.querySelectorAll("[data-photo]")) old.remove();
    place.prepend(...all.map(tile));
  };
  const tile = (photo) => {
    const image = make("img", { alt: photo.label });
    files.get(photo.key).then((blob) => {
      if (blob) image.src = URL.createObjectURL(blob);
    });
    const remove = make("button", { type: "button", class: "btn btn-icon visitphoto__remove", "aria-label": words.remove }, "×");
    remove.addEventListener("click", () => {
      change(all.filter((one) => one.key !== photo.key));
      files.remove(photo.key).catch(() => {});
    });
    return make("span", { class: "visitphoto", "data-photo": photo.key }, image, remove);
  };
  const change = (found) => {
    all = found;
    taken(all);
    show();
  };
  form.addEventListener("change", async (event) => {
    const { photoKind } = event.target.dataset;
    if (!photoKind) return;
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const fault =
      (!READABLE.includes(file.type) && words.notReadable) ||
      (file.size > rules.photoBytes && words.tooLarge) ||
      (all.length >= rules.photoMost && words.tooMany);
    wrong.hidden = !fault;
    wrong.textContent = fault || "";
    if (fault) return;
    const label = event.target.parentElement.textContent.trim();
    const key = newKey();
    try {
      await files.put(key, file);
    } catch {
      wrong.hidden = false;
      wrong.textContent = words.noRoom;
      return;
    }
    change([...all, { key, kind: photoKind, label }]);
  });
  show();
}

window.visitPlace = { checkIn, photos, distance };
