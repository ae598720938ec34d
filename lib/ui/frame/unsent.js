// Whoever leaves 填报 with work that is not sent is asked first. A field is kept on the server when
// it is left: before the page goes, or a phone puts it away, the field that is typed in is left.
// The line may be broken, or the page back before a busy server has kept it: so the browser keeps
// that one word too, and puts it back where still stands what stood there before.
// A word that an input method has not finished is left alone while the page is only put away.
// Without accounts, drafts are told apart by this mark of the browser; it says nothing of the person.
if (!/(^|; )plan_browser=/.test(document.cookie)) {
  const mark = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");
  document.cookie = `plan_browser=${mark}; path=/; max-age=34560000; samesite=lax`;
}
const FIELD = '[class*="st-key-form-"], .st-key-reason';
const nameOf = (field) => field.closest(FIELD)?.className.match(/st-key-(?:form-\d+-)?(\S+)/)[1];
const storage = navigator.cookieEnabled ? sessionStorage : null; // switched off, it throws
let begun = null;
document.addEventListener("focusin", ({ target }) => {
  const isField = nameOf(target) && "value" in target && target.getAttribute("role") !== "combobox";
  begun = isField ? { field: target, value: target.value } : null;
});
let composing = false;
document.addEventListener("compositionstart", () => (composing = true));
document.addEventListener("compositionend", () => (composing = false));
function leaveField(blurs) {
  const typed = begun && begun.field.value !== begun.value ? begun.field : null;
  if (typed) {
    const word = { name: nameOf(typed), before: begun.value, text: typed.value };
    storage?.setItem("plan_left", JSON.stringify(word));
    if (blurs) {
      typed.blur();
      typed.focus();
    }
  }
  return typed !== null;
}
const left = storage && JSON.parse(storage.getItem("plan_left"));
function putBack(_, observer) {
  const fields = Array.from(document.querySelectorAll("input, textarea"));
  const field = fields.find((found) => nameOf(found) === left.name);
  if (!field) return;
  observer.disconnect();
  storage.removeItem("plan_left");
  if (field.value !== left.before) return;
  // React hears only of a value that is set past its own setter.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, left.text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}
if (left) new MutationObserver(putBack).observe(document, { childList: true, subtree: true });
window.addEventListener("beforeunload", (event) => {
  if (leaveField(true) || document.querySelector(".st-key-unsent")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leaveField(!composing);
});
