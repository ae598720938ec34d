// Whoever leaves 填报 with work that is not sent is asked first. A field is kept on the server when
// it is left: before the page goes, or a phone puts it away, the field that is typed in is left.
// Without accounts, drafts are told apart by this mark of the browser; it says nothing of the person.
if (!/(^|; )plan_browser=/.test(document.cookie)) {
  const mark = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");
  document.cookie = `plan_browser=${mark}; path=/; max-age=34560000; samesite=lax`;
}
let begun = null;
document.addEventListener("focusin", ({ target }) => {
  const field = target.closest('[class*="st-key-form-"], .st-key-reason') && "value" in target;
  begun = field ? { field: target, value: target.value } : null;
});
function leaveField() {
  const typed = begun && begun.field.value !== begun.value ? begun.field : null;
  if (typed) {
    typed.blur();
    typed.focus();
  }
  return typed !== null;
}
window.addEventListener("beforeunload", (event) => {
  if (leaveField() || document.querySelector(".st-key-unsent")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leaveField();
});
