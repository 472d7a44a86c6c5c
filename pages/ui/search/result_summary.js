// The line above the results. Texts go in as textContent and attributes, never as HTML.
const AT_WORK = 800;
const LAST = "__imageSearchResultsShown";
const LOOKS = { clear: "check_circle", weak: "help", absent: "search_off" };

function icon(name) {
  const made = element("span", "icon", name);
  made.setAttribute("aria-hidden", "true");
  made.translate = false;
  return made;
}

function button(name, act) {
  const made = element("button", name);
  made.type = "button";
  made.onclick = act;
  return made;
}

function verdict(data, choose) {
  const made = element("div", "said");
  if (data.verdict) {
    const badge = element("span", "badge " + data.presence);
    badge.append(icon(LOOKS[data.presence]), element("span", "", data.verdict));
    const explain = button("explain", () => choose("explain"));
    explain.append(icon("info"));
    explain.title = "What does the match score mean?";
    explain.setAttribute("aria-label", explain.title);
    made.append(badge, ...(data.count ? [element("span", "count", data.count)] : []), explain);
  }
  made.append(element("span", "facts", data.facts));
  return made;
}

function action(one, choose) {
  const made = one.link ? element("a", one.name) : button(one.name, () => choose(one.name));
  made.append(icon(one.icon), element("span", "label", one.label));
  made.title = one.help || one.label;
  if (!one.link) return made;
  made.href = one.link;
  made.onclick = (event) => {
    // In another tab or window as a link; here without loading the app again.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(one.name);
  };
  return made;
}

function toolbar(actions, choose) {
  const made = element("div", "actions");
  made.append(...actions.map((one) => action(one, choose)));
  return made;
}

function note(text, choose) {
  const made = element("p", "note", text + " ");
  const other = button("other", () => choose("other model"));
  other.textContent = "Use another model";
  made.append(other);
  return made;
}

function draw(part, data, choose) {
  const before = part.getRootNode().activeElement?.className;
  part.replaceChildren(verdict(data, choose), toolbar(data.actions, choose), ...(data.note ? [note(data.note, choose)] : []));
  makeOneStop(part.querySelector(".actions"), "What can be done with the results");
  if (before) part.querySelector(`.${CSS.escape(before)}`)?.focus({ preventScroll: true });
}

function comeIntoSight(part, shown) {
  const before = window[LAST];
  window[LAST] = shown;
  // Who looks at the head of the page stays there.
  const isAbove = part.getBoundingClientRect().top < 0;
  if (before !== undefined && before !== shown && isAbove) part.scrollIntoView({ block: "start" });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const part = parentElement.querySelector(".summary");
  const choose = (name) => {
    // A second click while the first one is at work would do it twice.
    if (part.chosen === name && performance.now() - part.chosenAt < AT_WORK) return;
    part.chosen = name;
    part.chosenAt = performance.now();
    setTriggerValue("chosen", name);
  };
  if (data.actions) draw(part, data, choose);
  else part.replaceChildren();
  comeIntoSight(part, data.shown);
}
