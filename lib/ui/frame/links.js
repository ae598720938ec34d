// Links in lists and in the Gantt stay in the session: the address changes, and Streamlit follows it
// as it follows the browser's way back. With Ctrl, a middle click or no script they are plain links.
// The month and filters that a page writes into its bare address are no step of the way back.
const push = history.pushState.bind(history);
history.pushState = (state, unused, href) => {
  const to = new URL(href ?? "", location.href);
  const isOneStep = !location.search && to.search && to.pathname === location.pathname;
  (isOneStep ? history.replaceState.bind(history) : push)(state, unused, href);
};
function follow(href) {
  history.pushState({}, "", href);
  window.dispatchEvent(new PopStateEvent("popstate"));
}
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target instanceof Element ? event.target : null;
  const row = target && target.closest(".gantt-row[tabindex]");
  // A tap on a row shows its details; a click with the mouse, which has seen them, opens the task.
  const link =
    (target && target.closest(".figures a[href]")) ||
    (row && event.pointerType === "mouse" && !target.closest(".details") && row.querySelector("a.task"));
  if (!link) return;
  event.preventDefault();
  follow(link.href);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.target instanceof Element)) return;
  const row = event.target.matches(".gantt-row[tabindex]") && event.target.querySelector("a.task");
  if (row) follow(row.href);
});
