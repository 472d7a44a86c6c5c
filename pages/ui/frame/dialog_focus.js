// Keeps the focus in the dialog that is open: what had it may be disabled for a while, or go, and then no key is heard there.
const DIALOG = '[data-testid="stDialog"] [role="dialog"]';
const all = (window.__dialogFocus ||= { listens: false, dialog: null, last: null, before: null });

function canHave(one) {
  return one.isConnected && !one.disabled && one.getClientRects().length > 0;
}

function isLost(focused, dialog, isNew) {
  // What is drawn beside a dialog belongs to it, as the list of a field; what lies behind a new one does not.
  if (!focused || focused === document.body) return true;
  // A browser takes the focus from what can have it no more only some time later.
  return dialog.contains(focused) ? !canHave(focused) : isNew;
}

function giveBack() {
  // To what opened the dialog, where nothing else has taken it.
  const lost = [null, document.body].includes(document.activeElement);
  if (lost && !all.dialog && all.before?.isConnected) all.before.focus({ preventScroll: true });
}

function keep() {
  const dialog = [...document.querySelectorAll(DIALOG)].at(-1) || null;
  const isNew = dialog !== all.dialog;
  all.dialog = dialog;
  if (isNew) all.last = null;
  if (!dialog) {
    if (isNew) requestAnimationFrame(giveBack);
    return;
  }
  const focused = document.activeElement, last = all.last;
  const canReturn = last && dialog.contains(last) && canHave(last);
  if (isLost(focused, dialog, isNew) || (focused === dialog && all.waits && canReturn)) {
    all.waits = Boolean(last) && !canReturn; // until it can have it again
    (canReturn ? last : dialog).focus({ preventScroll: true });
  }
}

function note(event) {
  if (!document.querySelector(DIALOG)) all.before = event.composedPath()[0];
  if (!all.dialog?.contains(event.target) || event.target === all.dialog) return;
  all.last = event.target;
  all.waits = false;
}

export default function () {
  if (all.listens) return;
  all.listens = true;
  document.addEventListener("focusin", note);
  new MutationObserver(keep).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"],
  });
}
