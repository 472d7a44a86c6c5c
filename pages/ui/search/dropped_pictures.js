// Pictures that are dropped anywhere on the page, or pasted, go to an uploader that is out of sight.
const NO_PICTURE = /^(text|audio|video|font)\/|^application\/(?!octet-stream|postscript)/;
const READING = 30_000, READ = 8_000;

function toggle(part, shown) {
  // Above everything, dialogs as well; saying so twice is an error in some browsers.
  if (part.isConnected && part.matches(":popover-open") !== shown) part.togglePopover(shown);
}

function say(here, text, milliseconds) {
  clearTimeout(here.quiet);
  here.said.textContent = text;
  toggle(here.said, true);
  here.quiet = setTimeout(() => toggle(here.said, false), milliseconds);
}

function wrongWith(file, megabytes) {
  if (NO_PICTURE.test(file.type)) return `“${file.name}” is not a picture.`;
  if (file.size > megabytes * 1024 * 1024) return `“${file.name}” is larger than ${megabytes} MB.`;
  return file.size ? "" : `“${file.name}” is empty.`;
}

function asMany(files, { most, most_bytes }) {
  let bytes = 0;
  return files.slice(0, most).filter((file, at) => (bytes += file.size) <= most_bytes || at < 1);
}

function send(here, files, folders) {
  const { megabytes } = here.data;
  const wrong = folders.map((name) => `“${name}” is a folder. Make it searchable on “Build index”.`);
  const pictures = files.filter((file) => {
    const what = wrongWith(file, megabytes);
    if (what) wrong.push(what);
    return !what;
  });
  const used = asMany(pictures, here.data);
  if (used.length < pictures.length) wrong.push(`Only the first ${used.length} of ${pictures.length} pictures are used.`);
  const input = document.querySelector('.st-key-dropped input[type="file"]');
  if (pictures.length && input) {
    const taken = new DataTransfer();
    for (const file of used) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    if (!wrong.length) return say(here, taken.files.length > 1 ? `Reading ${taken.files.length} pictures…` : "Reading the picture…", READING);
  }
  if (wrong.length) say(here, wrong.join("\n"), READ);
}

function handlers(here) {
  // A picture of the page itself that is dragged is none that comes from outside.
  const comes = (event) => !here.own && [...(event.dataTransfer?.types || [])].includes("Files");
  const leave = () => toggle(here.target, false);
  return {
    dragstart: () => { here.own = true; },
    dragend: () => { here.own = false; },
    dragover: (event) => {
      if (!comes(event)) return;
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = "copy";
      toggle(here.target, true);
      clearTimeout(here.leaving);  // no sign that the pointer has left the window is certain to come
      here.leaving = setTimeout(leave, 700);
    },
    dragleave: (event) => { if (!event.relatedTarget) leave(); },
    drop: (event) => {
      if (!comes(event)) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
      const folders = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry?.()).filter((one) => one?.isDirectory).map((one) => one.name);
      send(here, [...event.dataTransfer.files].filter((file) => !folders.includes(file.name)), folders);
    },
    paste: (event) => {
      // Who pastes text into a field, also with a picture of it beside, wants the text.
      const files = [...(event.clipboardData?.files || [])];
      const isText = [...(event.clipboardData?.types || [])].includes("text/plain");
      const inField = event.composedPath()[0]?.matches?.('input, textarea, [contenteditable="true"]');
      if (!files.length || (inField && isText)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      send(here, files, []);
    },
  };
}

function begun(parentElement) {
  const here = { target: parentElement.querySelector(".target"), said: parentElement.querySelector(".said"), own: false };
  const all = Object.entries(handlers(here));
  for (const [event, act] of all) document.addEventListener(event, act, true);
  here.end = () => {
    for (const [event, act] of all) document.removeEventListener(event, act, true);
    clearTimeout(here.quiet);
    clearTimeout(here.leaving);
  };
  return here;
}

export default function ({ data, parentElement }) {
  const here = (parentElement.here ||= begun(parentElement));
  if (data.taken.length && here.said.textContent.startsWith("Reading")) toggle(here.said, false);
  here.data = data;
  return here.end;
}
