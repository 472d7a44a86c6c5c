// Makes a way to another page one step of the history. Where a script goes there, Streamlit makes
// two: it changes what the address of the page that is left says first, and Back would lead there.
const AT_ONCE = 1_000;
if (!window.__pageSteps) {
  const steps = (window.__pageSteps = { half: -Infinity, push: history.pushState.bind(history) });
  history.pushState = (state, title, target) => {
    const leads = new URL(target, location.href).pathname !== location.pathname;
    const goesOn = leads && performance.now() - steps.half < AT_ONCE;
    // A step of our own says so: it is one that somebody made.
    steps.half = leads || state?.own ? -Infinity : performance.now();
    if (goesOn) history.replaceState(state, title, target);
    else steps.push(state, title, target);
  };
}
