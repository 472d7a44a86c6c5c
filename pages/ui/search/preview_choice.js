// What is chosen stays in the browser, where the grid reads it: grid_preview.js.
export default function ({ parentElement }) {
  const box = parentElement.querySelector("input");
  try { box.checked = localStorage.getItem("no preview on hover") !== "1"; } catch { box.checked = true; }
  box.onchange = () => {
    try { localStorage.setItem("no preview on hover", box.checked ? "" : "1"); } catch { /* it is not remembered */ }
  };
}
